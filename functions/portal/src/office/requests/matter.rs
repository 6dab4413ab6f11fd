//! What a request is about, as the registers and the accounts have it now: the facts that a decision is made on, side by side.

use crate::{
    Portal,
    entry::text_of,
    office::{active_days, entries, profile_address},
    trouble,
};
use domain::{
    account::{Account, Rank},
    course::Course,
    credit_type::CreditTypes,
    event::{Event, consent::AskedOf},
    id::AccountId,
    name::{NameMatch, compare},
    register::{Holder, Provider, Versioned},
    request::{Asks, FieldChange, Request},
};
use pages::problem::Problem;

/// What the registers and the accounts say.
pub(super) enum Matter {
    /// The provider whose profile is to be changed.
    Profile { standing: Option<Versioned<Provider>>, asked_of: u64, fields: Vec<FieldChange> },
    /// The provider of the number, and its owner's username.
    Address { standing: Option<Versioned<Provider>>, owner: Option<String> },
    /// The account that claims the number, and who holds it, each with the account that it is on.
    Licence { account: Option<Account>, holders: Vec<(Holder, Option<AccountId>)> },
    /// The event whose approval it is, its course, and how bodies count credit.
    Consent { event: Option<Box<Event>>, course: Option<Box<Course>>, types: CreditTypes, asked: AskedOf },
}

impl Matter {
    /// What a decision about another address rests on: whose entry it is, which version, and whether it has an owner. The form
    /// carries it, so that what is granted is what was looked at.
    pub(super) fn seen(&self) -> String {
        match self {
            Matter::Address { standing: Some(standing), owner } => {
                format!("{} {} {}", standing.value.id, standing.version, owner.is_some())
            }
            // What was asked for names the approval's content itself.
            Matter::Address { standing: None, .. }
            | Matter::Profile { .. }
            | Matter::Licence { .. }
            | Matter::Consent { .. } => String::new(),
        }
    }
}

/// A request's facts as a page shows them.
pub(super) struct View {
    /// [`Matter::seen`]
    pub(super) seen: String,
    pub(super) facts: Vec<(&'static str, String)>,
    pub(super) rows: Vec<Row>,
    /// Whether the rows are something new as a whole, and no change.
    pub(super) is_content: bool,
    /// What to know before deciding.
    pub(super) notes: Vec<String>,
    pub(super) can_grant: bool,
    pub(super) choices: Vec<Choice>,
    /// What granting does.
    pub(super) granting: &'static str,
    /// The register's entry.
    pub(super) link: Option<(String, String)>,
}

/// A field: what stood there when it was asked, what is asked, and what stands there now if that is something else.
pub(super) struct Row {
    pub(super) field: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) now: Option<String>,
}

/// A licence that a claim may mean.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) address: String,
    pub(super) name: String,
    pub(super) licence: String,
    pub(super) active: String,
    pub(super) email: String,
    pub(super) account: &'static str,
    pub(super) can_grant: bool,
}

impl Matter {
    /// Reads what a request is about.
    pub(super) async fn fetch(portal: &Portal, request: &Request) -> Result<Self, Problem> {
        let table = &portal.clients.table;
        Ok(match &request.asks {
            Asks::ProfileChange { provider, version, fields } => Matter::Profile {
                standing: table.fetch_provider(provider).await.map_err(trouble::table)?,
                asked_of: *version,
                fields: fields.clone(),
            },
            Asks::ProviderAddress { licence, .. } => {
                let standing = table.fetch_provider_by_licence(licence).await.map_err(trouble::table)?;
                let owner = match &standing {
                    Some(provider) => {
                        let (users, _) = table.fetch_users(Some(&provider.value.id)).await.map_err(trouble::table)?;
                        let owner = users.into_iter().find(|user| user.rank == Some(Rank::Owner));
                        owner.map(|user| user.username.shown().to_owned())
                    }
                    None => None,
                };
                Matter::Address { standing, owner }
            }
            Asks::Licence { licence } => {
                let account = match &request.account {
                    Some(id) => table.fetch_account(id).await.map_err(trouble::table)?,
                    None => None,
                };
                let mut holders = Vec::new();
                for holder in table.fetch_holders_by_number(licence).await.map_err(trouble::table)? {
                    let on = table.fetch_account_of(&holder.licence).await.map_err(trouble::table)?;
                    holders.push((holder, on));
                }
                Matter::Licence { account, holders }
            }
            Asks::EventConsent { event, body, content, .. } => {
                let event = table.fetch_event(event).await.map_err(trouble::table)?;
                let course = match &event {
                    Some(event) => table.fetch_course(&event.course).await.map_err(trouble::table)?,
                    None => None,
                };
                Matter::Consent {
                    event: event.map(Box::new),
                    course: course.map(|course| Box::new(course.value)),
                    types: table.fetch_credit_types().await.map_err(trouble::table)?,
                    asked: AskedOf { body: body.clone(), content: content.clone() },
                }
            }
        })
    }

    /// The facts for a page.
    pub(super) fn view(&self, request: &Request) -> View {
        let view = match self {
            Matter::Profile { standing, asked_of, fields } => profile(standing.as_ref(), *asked_of, fields),
            Matter::Address { standing, owner } => address(request, standing.as_ref(), owner.as_deref()),
            Matter::Licence { account, holders } => licence(request, account.as_ref(), holders),
            Matter::Consent { event: None, .. } => {
                let note = "The draft was deleted meanwhile, so this can only be refused.".to_owned();
                View { notes: vec![note], ..nothing() }
            }
            Matter::Consent { event: Some(event), course, types, asked } => {
                super::consent::view(event, course.as_deref(), types, asked)
            }
        };
        View { seen: self.seen(), ..view }
    }
}

fn link(provider: &Versioned<Provider>) -> (String, String) {
    (format!("/office/providers/{}", provider.value.id), provider.value.name.clone())
}

fn profile(standing: Option<&Versioned<Provider>>, asked_of: u64, fields: &[FieldChange]) -> View {
    let texts = standing.map(|standing| standing.value.fields());
    let row = |change: &FieldChange| Row {
        field: change.field.clone(),
        from: change.from.clone(),
        to: change.to.clone(),
        now: texts.as_ref().map(|texts| text_of(texts, &change.field).to_owned()).filter(|now| *now != change.from),
    };
    let moved = standing.is_some_and(|standing| standing.version != asked_of);
    let mut notes = Vec::new();
    if standing.is_none() {
        notes.push("The provider isn't on the register any more, so this can only be refused.".to_owned());
    }
    if let Some(standing) = standing.filter(|_| moved) {
        let changed = standing.last_change.as_ref().map(|change| change.fields.join(", ")).unwrap_or_default();
        notes.push(format!(
            "The register's entry has changed since this was asked (last: {}), so it can't be granted as it stands. Refuse it and ask the provider to ask anew, or change the entry by hand and refuse this with that reason.",
            if changed.is_empty() { "unknown" } else { &changed }
        ));
    }
    View {
        facts: Vec::new(),
        rows: fields.iter().map(row).collect(),
        notes,
        can_grant: standing.is_some() && !moved,
        choices: Vec::new(),
        granting: "Granting changes the register's entry at once and tells the provider by mail.",
        link: standing.map(link),
        ..nothing()
    }
}

fn address(request: &Request, standing: Option<&Versioned<Provider>>, owner: Option<&str>) -> View {
    let Asks::ProviderAddress { licence, email } = &request.asks else { return nothing() };
    let Some(provider) = standing else {
        let note = format!(
            "The number {licence} isn't any provider's on the register. Add or correct the provider first, or refuse this."
        );
        return View { facts: vec![("License Number", licence.to_string())], notes: vec![note], ..nothing() };
    };
    let value = &provider.value;
    let on_file = value.email_on_file.as_ref().map(|email| email.shown().to_owned()).unwrap_or_default();
    let notes = owner.map(|owner| {
        format!(
            "This provider has an owner's account already: {owner}. Granting changes the address on file and tells the new address so, but sends no sign-up link, since a provider has one owner. Whoever asks can be invited by the owner, or the owner can set a new password."
        )
    });
    View {
        seen: String::new(),
        is_content: false,
        facts: vec![
            ("Provider", value.name.clone()),
            ("License Number", licence.to_string()),
            ("Active", active_days(value.active_from, value.active_to)),
        ],
        rows: vec![Row { field: "Email on file".to_owned(), from: on_file, to: email.shown().to_owned(), now: None }],
        notes: notes.into_iter().collect(),
        can_grant: true,
        choices: Vec::new(),
        granting: if owner.is_some() {
            "Granting puts the new address on file and tells it so by mail."
        } else {
            "Granting puts the new address on file and sends the sign-up link there: whoever reads it can make the owner's account. Be sure that it is the provider."
        },
        link: Some(link(provider)),
    }
}

fn licence(request: &Request, account: Option<&Account>, holders: &[(Holder, Option<AccountId>)]) -> View {
    let Asks::Licence { licence } = &request.asks else { return nothing() };
    let mut facts = vec![("License Number", licence.to_string())];
    let mut notes = Vec::new();
    match account {
        Some(account) => {
            facts.push(("Account", account.username.shown().to_owned()));
            facts.push(("Name of the account", format!("{} {}", account.name.first, account.name.last)));
            facts.push(("Email of the account", account.email.shown().to_owned()));
        }
        None => notes.push("The account that asked is closed, so this can only be refused.".to_owned()),
    }
    if holders.is_empty() {
        notes.push(format!(
            "No license of the register has the number {licence}. Add or correct it first, or refuse this."
        ));
    }
    let choice = |(holder, on): &(Holder, Option<AccountId>)| {
        let (words, free) = match (on, account) {
            (None, _) => ("None yet", true),
            (Some(on), Some(account)) if *on == account.id => ("This account already", true),
            (Some(_), _) => ("Another account", false),
        };
        Choice {
            value: format!("{}#{}", holder.licence.board, holder.licence.profession),
            address: profile_address(&holder.licence),
            name: format!("{} {}", holder.name.first, holder.name.last),
            licence: format!("{} {} {}", holder.licence.board, holder.licence.profession, holder.licence.number),
            active: active_days(holder.active_from, holder.active_to),
            email: holder.email_on_file.as_ref().map(|email| email.shown().to_owned()).unwrap_or_default(),
            account: words,
            can_grant: free && account.is_some(),
        }
    };
    let choices: Vec<_> = holders.iter().map(choice).collect();
    let is_others = |account: &Account| {
        holders.iter().all(|(holder, _)| compare(&account.name, &holder.name) == NameMatch::Different)
    };
    if !holders.is_empty() && account.is_some_and(is_others) {
        notes.push(
            "The name of the account isn't that of any holder of this number. Ask for a proof before you grant it."
                .to_owned(),
        );
    }
    if choices.iter().any(|choice| choice.account == "Another account") {
        notes.push("A license below is on another account already. Whoever has that account must take it off there first, or close the account.".to_owned());
    }
    View {
        facts,
        notes,
        can_grant: choices.iter().any(|choice| choice.can_grant),
        choices,
        granting: "Granting puts the license on the account: its owner sees the record of that license. Be sure that it is the holder.",
        ..nothing()
    }
}

pub(super) fn nothing() -> View {
    View {
        seen: String::new(),
        facts: Vec::new(),
        rows: Vec::new(),
        is_content: false,
        notes: Vec::new(),
        can_grant: false,
        choices: Vec::new(),
        granting: "",
        link: None,
    }
}

/// The words for a provider's number that is another's, which an entry's form says too.
pub(super) const NUMBER_TAKEN: &str = entries::NUMBER_TAKEN;
