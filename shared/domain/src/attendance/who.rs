//! Whose each row is. A registrant's link comes first, then a verified address, then a telephone that was claimed; a name never
//! (S2.8). What is left is told apart by what Zoom tells, and goes to staff.

use super::{
    Facts, Reason, Registrant, Row, Rows, names,
    places::{Places, digest},
    trimmed,
};
use crate::email::EmailAddress;
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

/// Rows of one person, as far as it can be told.
pub(super) struct Group<'r> {
    /// The registrant.
    pub(super) registrant: Option<usize>,
    /// Their rows, by their place.
    pub(super) rows: Vec<usize>,
    /// What is doubtful in whose they are.
    pub(super) doubts: Vec<Reason>,
    /// What they were told apart by.
    key: Key<'r>,
}

impl Group<'_> {
    /// What they are meant by if they are no registrant.
    pub(super) fn handle(&self) -> String {
        self.key.handle()
    }

    /// Whether Zoom tells at least that all of it is one person.
    pub(super) fn is_one_person(&self) -> bool {
        matches!(self.key, Key::Registrant(_) | Key::Link(_) | Key::Email(_) | Key::Account(_))
    }
}

/// All groups: the registrants in their order, then the others.
pub(super) struct Told<'r> {
    pub(super) rows: &'r [Row<'r>],
    pub(super) groups: Vec<Group<'r>>,
    pub(super) counts: Rows,
}

/// What rows of one person have in common, the surest first.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key<'r> {
    Registrant(usize),
    Link(&'r str),
    Email(Cow<'r, str>),
    Account(&'r str),
    Phone(String),
    Uuid(&'r str),
    Connection(&'r str, &'r str),
    Name(&'r str),
    /// What staff have told apart from a registrant: their id, and the name that isn't theirs.
    Split(String, &'r str),
    /// Nothing but its times: when they came and left, and for how long.
    Row(Option<i64>, Option<i64>, Option<u64>),
}

impl Key<'_> {
    /// The same for the same rows, in any order: staff's words name people by it. Registrants have none.
    fn handle(&self) -> String {
        match self {
            Key::Registrant(_) => String::new(),
            Key::Link(link) => format!("link:{link}"),
            Key::Email(email) => format!("email:{email}"),
            Key::Account(account) => format!("account:{account}"),
            Key::Phone(phone) => format!("phone:{phone}"),
            Key::Uuid(uuid) => format!("uuid:{uuid}"),
            Key::Connection(instance, connection) => format!("connection:{instance}:{connection}"),
            Key::Name(name) => format!("name:{name}"),
            Key::Split(id, name) => format!("split:{id}:{name}"),
            Key::Row(join, leave, seconds) => {
                let text = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
                let seconds = seconds.map(|seconds| seconds.to_string()).unwrap_or_default();
                format!("row:{}:{}:{seconds}", text(*join), text(*leave))
            }
        }
    }
}

/// Whose a row is.
#[derive(Clone, PartialEq, Eq)]
enum Owner {
    Registrant(usize),
    Staff,
    /// Several registrants could be meant.
    Doubtful(Reason),
    Unknown,
}

/// What registrants and staff are found by.
struct Index<'f> {
    registrants: &'f [Registrant],
    /// By the id of the link.
    links: Places<'f>,
    /// By the address.
    emails: Places<'f>,
    staff_emails: BTreeSet<&'f str>,
    staff: Vec<&'f crate::name::PersonName>,
}

impl<'f> Index<'f> {
    fn of(facts: &'f Facts) -> Self {
        let registrants = || facts.registrants.iter().enumerate();
        let links = registrants().flat_map(|(place, it)| it.zoom_ids.iter().map(move |id| (id.as_str(), place)));
        let emails = registrants().flat_map(|(place, it)| it.emails.iter().map(move |it| (it.compared(), place)));
        let (links, emails) = (Places::of(links), Places::of(emails));
        let staff_emails = facts.staff.iter().flat_map(|staff| &staff.emails).map(EmailAddress::compared).collect();
        let staff = facts.staff.iter().map(|staff| &staff.name).filter(|name| !name.last.is_empty()).collect();
        Self { registrants: &facts.registrants, links, emails, staff_emails, staff }
    }

    /// Whose link it is: of whom it was given to last.
    fn by_link(&self, id: &str) -> Option<usize> {
        self.links.get(id).last()
    }

    /// Whose address it is, if it is a registrant's.
    fn by_email(&self, email: &str) -> Option<Owner> {
        let mut owners = self.emails.get(email);
        let place = owners.next()?;
        let is_only = owners.next().is_none();
        Some(if is_only { Owner::Registrant(place) } else { Owner::Doubtful(Reason::AmbiguousEmail) })
    }

    /// Whose a row is by itself, and what is doubtful in it.
    fn owner(&self, row: &Row<'_>) -> (Owner, Option<Reason>) {
        let email = compared(&row.email);
        let is_of_staff = self.staff_emails.contains(email.as_ref());
        if let Some(place) = self.by_link(&row.registrant_id) {
            // Nearly everybody: by their own link, with their own address.
            let is_own = self.registrants[place].emails.iter().any(|own| own.compared() == email);
            let is_others = !is_own && (is_of_staff || matches!(self.by_email(&email), Some(Owner::Registrant(_))));
            return (Owner::Registrant(place), is_others.then_some(Reason::OtherAccount));
        }
        if is_of_staff {
            return (Owner::Staff, None);
        }
        match self.by_email(&email) {
            Some(owner) => (owner, None),
            // Nobody is credited by a name, but who presents is no attendee.
            None if row.registrant_id.is_empty() && self.is_staffs_name(&row.name) => (Owner::Staff, None),
            None => (Owner::Unknown, None),
        }
    }

    fn is_staffs_name(&self, shown: &str) -> bool {
        if self.staff.is_empty() || !shown.contains(char::is_alphabetic) {
            return false;
        }
        let read = names::parted(&names::bare(shown));
        let is_same =
            |name: &crate::name::PersonName| crate::name::compare(&read, name) == crate::name::NameMatch::Same;
        // A registrant of the same name may be meant: then people look.
        self.staff.iter().any(|name| is_same(name)) && !self.registrants.iter().any(|it| is_same(&it.name))
    }
}

/// The form that equal addresses share.
fn compared(email: &str) -> Cow<'_, str> {
    let email = trimmed(email);
    if email.bytes().any(|b| b.is_ascii_uppercase()) { email.to_ascii_lowercase().into() } else { email.into() }
}

/// Tells whose each row is.
pub(super) fn tell<'r>(facts: &Facts, rows: &'r [Row<'r>]) -> Told<'r> {
    let index = Index::of(facts);
    let mut owners: Vec<(Owner, Option<Reason>)> = rows.iter().map(|row| index.owner(row)).collect();
    join_connections(rows, &mut owners);
    claim_calls(&facts.registrants, rows, &mut owners);
    let said = Said::of(facts);
    let mut counts = Rows { all: rows.len(), ..Rows::default() };
    let of_registrant =
        |place| Group { registrant: Some(place), rows: Vec::new(), doubts: Vec::new(), key: Key::Registrant(place) };
    let mut told: Vec<Group<'r>> = (0..facts.registrants.len()).map(of_registrant).collect();
    let mut others: BTreeMap<Key<'r>, (Vec<usize>, Vec<Reason>)> = BTreeMap::new();
    for (place, (row, (owner, doubt))) in rows.iter().zip(owners).enumerate() {
        counts.waiting += usize::from(row.is_waiting);
        let (key, doubt) = match owner {
            Owner::Staff => {
                counts.staff += 1;
                continue;
            }
            Owner::Registrant(registrant) => (Key::Registrant(registrant), doubt),
            Owner::Doubtful(doubt) => (key_of(row), Some(doubt)),
            Owner::Unknown => (key_of(row), None),
        };
        let (key, doubt) = said.over(key, doubt, row);
        if let Key::Registrant(registrant) = key {
            told[registrant].rows.push(place);
            told[registrant].doubts.extend(doubt);
            continue;
        }
        counts.unmatched += 1;
        let group = others.entry(key).or_default();
        group.0.push(place);
        group.1.extend(doubt);
    }
    let mut others: Vec<Group<'r>> =
        others.into_iter().map(|(key, (rows, doubts))| Group { registrant: None, rows, doubts, key }).collect();
    others.sort_by_cached_key(|group| group.rows.iter().filter_map(|place| rows[*place].join).min());
    told.extend(others);
    Told { rows, groups: told, counts }
}

/// What staff have said of whose rows are.
struct Said<'f> {
    facts: &'f Facts,
    /// The registrants by their ids; only looked up if anything was said.
    places: BTreeMap<&'f str, usize>,
}

impl<'f> Said<'f> {
    fn of(facts: &'f Facts) -> Self {
        let settled = &facts.settled;
        let is_silent = settled.accepted.is_empty() && settled.split.is_empty();
        let registrants = facts.registrants.iter().enumerate().filter(|_| !is_silent);
        Self { facts, places: registrants.map(|(place, registrant)| (registrant.id.as_str(), place)).collect() }
    }

    /// Whose a row is after their word: it stands over everything that Zoom tells.
    fn over<'r>(&self, key: Key<'r>, doubt: Option<Reason>, row: &'r Row<'r>) -> (Key<'r>, Option<Reason>) {
        if self.places.is_empty() {
            return (key, doubt);
        }
        let settled = &self.facts.settled;
        let is_split = |place: usize| {
            let id = self.facts.registrants[place].id.as_str();
            settled.split.iter().any(|(split, name)| split == id && names::shown_names(&row.name) == *name)
        };
        let (key, doubt) = match key {
            Key::Registrant(place) if is_split(place) => {
                (Key::Split(self.facts.registrants[place].id.clone(), &row.name), None)
            }
            key => (key, doubt),
        };
        match settled.accepted.get(&key.handle()).and_then(|id| self.places.get(id.as_str())) {
            Some(place) if !matches!(key, Key::Registrant(_)) => (Key::Registrant(*place), None),
            _ => (key, doubt),
        }
    }
}

/// A row whose own fields say nothing is of who was on the same connection: breakout rooms, and a telephone that was bound to a
/// computer.
fn join_connections(rows: &[Row<'_>], owners: &mut [(Owner, Option<Reason>)]) {
    // The connections that are asked about: few, where most people come by a link.
    let mut asked: BTreeMap<Connection<'_>, Vec<usize>> = BTreeMap::new();
    for (row, _) in rows.iter().zip(owners.iter()).filter(|(_, (owner, _))| *owner == Owner::Unknown) {
        asked.extend(connections(row).map(|connection| (connection, Vec::new())));
    }
    if asked.is_empty() {
        return;
    }
    for (row, (owner, _)) in rows.iter().zip(owners.iter()) {
        let Owner::Registrant(place) = owner else { continue };
        for id in [&row.uuid, &row.connection].into_iter().filter(|id| !id.is_empty()) {
            if let Some(seen) = asked.get_mut(&connection(&row.instance, id)) {
                seen.push(*place);
            }
        }
    }
    let of = |connection: Connection<'_>| match asked[&connection].as_slice() {
        [first, others @ ..] if others.iter().all(|other| other == first) => Some(*first),
        _ => None,
    };
    for (row, (owner, _)) in rows.iter().zip(owners.iter_mut()).filter(|(_, (owner, _))| *owner == Owner::Unknown) {
        if let Some(place) = connections(row).find_map(of) {
            *owner = Owner::Registrant(place);
        }
    }
}

/// A connection's id and its instance, behind a number by which they are told apart sooner.
type Connection<'r> = (u64, &'r str, &'r str);

fn connection<'r>(instance: &'r str, id: &'r str) -> Connection<'r> {
    (digest(id), id, instance)
}

/// The connections by which a row may be found to be somebody's, the surest first. Without its instance a connection's number says
/// nothing: Zoom counts anew in each.
fn connections<'r>(row: &'r Row<'_>) -> impl Iterator<Item = Connection<'r>> {
    let ids = [&row.uuid, &row.connection, &row.bound_to].map(AsRef::as_ref);
    let is_usable = |id: &&str| !id.is_empty() && (!row.instance.is_empty() || *id == row.uuid);
    ids.into_iter().filter(is_usable).map(|id| connection(&row.instance, id))
}

/// A call is a registrant's who says that they called from a telephone with its last four digits, if nobody else says so and no
/// other call could be meant (S2.14).
fn claim_calls(registrants: &[Registrant], rows: &[Row<'_>], owners: &mut [(Owner, Option<Reason>)]) {
    let mut claims: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, registrant) in registrants.iter().enumerate() {
        if let Some(digits) = &registrant.phone_last4 {
            claims.entry(digits).or_default().push(place);
        }
    }
    let mut calls: BTreeMap<String, Vec<(String, usize)>> = BTreeMap::new();
    for (place, row) in rows.iter().enumerate() {
        if owners[place].0 == Owner::Unknown
            && let Some((whole, last)) = telephone(row)
        {
            calls.entry(last).or_default().push((whole, place));
        }
    }
    for (last, calls) in calls {
        let is_one_call = calls.iter().all(|(whole, _)| *whole == calls[0].0);
        let owner = match claims.get(last.as_str()).map(Vec::as_slice) {
            Some([place]) if is_one_call => Owner::Registrant(*place),
            _ => Owner::Doubtful(Reason::DialInUnverified),
        };
        for (_, place) in calls {
            owners[place].0 = owner.clone();
        }
    }
}

/// The telephone that a row tells of, as it is written, and its last four digits.
pub(super) fn telephone(row: &Row<'_>) -> Option<(String, String)> {
    let is_known = [&row.email, &row.account, &row.registrant_id].into_iter().any(|text| !text.trim().is_empty());
    let raw = match row.phone.as_ref() {
        // Somebody at a computer may call themselves by a number.
        "" if is_known => return None,
        "" => names::bare(&row.name),
        phone => phone.into(),
    };
    let is_sign = |c: char| c.is_ascii_digit() || "+*•-. xX()".contains(c);
    if !raw.chars().all(is_sign) {
        return None;
    }
    let signs: String = raw.chars().filter(|c| c.is_ascii_digit() || "*•xX".contains(*c)).collect();
    let last = signs.get(signs.len().checked_sub(4)?..)?;
    // A number has seven digits and more, some of them hidden.
    (signs.chars().count() >= 7 && last.bytes().all(|b| b.is_ascii_digit())).then(|| (signs.clone(), last.to_owned()))
}

/// What a row is told apart by, if it is nobody's.
fn key_of<'r>(row: &'r Row<'r>) -> Key<'r> {
    let given = |text: &'r Cow<'r, str>| Some(text.as_ref()).filter(|text| !text.is_empty());
    if let Some(link) = given(&row.registrant_id) {
        Key::Link(link)
    } else if !row.email.trim().is_empty() {
        Key::Email(compared(&row.email))
    } else if let Some(account) = given(&row.account) {
        Key::Account(account)
    } else if let Some((whole, _)) = telephone(row) {
        Key::Phone(whole)
    } else if let Some(uuid) = given(&row.uuid) {
        Key::Uuid(uuid)
    } else if let Some(name) = given(&row.name) {
        // Only to show them together: nobody is credited by it.
        Key::Name(name)
    } else if let (Some(instance), Some(connection)) = (given(&row.instance), given(&row.connection)) {
        Key::Connection(instance, connection)
    } else {
        Key::Row(row.join, row.leave, row.seconds)
    }
}
