//! What needs somebody's look, in three queues: who was there and is matched with nobody, who is doubtful, and who has no row.
//! Suggestions stand in an order with their reasons; nothing is matched by itself. Handles hold numbers, names and addresses: a
//! form has only a digest of them.

use super::{
    Asked, Place, Top,
    again::Again,
    base,
    known::{Known, fetch_ended, name_of},
    page,
    words::{Outcome, form_key, last_digits, without_numbers},
};
use crate::{Portal, Shared, manage::Managing};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    attendance::{Facts, Likeness, Person, Suggester, Suggestion, Verdict, Window, stands_out},
    event::{Span, Zone},
    registration::Participation,
};
use pages::{
    answer,
    attendance::{length, mini_bar},
    form::Query,
    layout::Page,
    problem::Problem,
    timeline::Clock,
    visitor::Visitor,
};

/// Unmatched people on one page: each is a card with a form of its own, and 20 keep the page under its 60 KB.
pub(super) const PAGE_UNMATCHED: usize = 20;
/// Lines of the other queues; the overview lists all of them.
const MOST_LISTED: usize = 100;

#[derive(Template)]
#[template(path = "manage/attendance/review.html")]
pub(super) struct ReviewPage {
    page: Page,
    top: Top,
    is_waiting: bool,
    is_broken: bool,
    clock: String,
    unmatched: Vec<Card>,
    all_unmatched: usize,
    at: usize,
    pages: usize,
    /// Cards whose best suggestion can be taken with others.
    many: usize,
    doubtful: Vec<Line>,
    all_doubtful: usize,
    absent: Vec<Line>,
    all_absent: usize,
    again: Again,
}

/// Somebody who is matched with nobody.
struct Card {
    number: usize,
    /// What forms have for the handle.
    key: String,
    names: String,
    emails: Vec<String>,
    phone: Option<String>,
    bar: String,
    stays: Vec<String>,
    attended: String,
    reasons: Vec<&'static str>,
    suggested: Vec<Suggested>,
}

/// Who they may be.
pub(super) struct Suggested {
    pub(super) account: String,
    pub(super) name: String,
    pub(super) why: Vec<&'static str>,
    /// Nobody else is as likely.
    pub(super) stands_out: bool,
}

struct Line {
    address: String,
    name: String,
    outcome: Outcome,
    reasons: Vec<&'static str>,
    bar: Option<String>,
}

/// `GET /manage/events/{id}/attendance/review`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let known = Known::fetch(&portal, fetch_ended(&portal, &managing, &id).await?).await?;
    answer::page(&review_page(&portal, &managing, &known, &asked, Again::default()))
}

pub(super) fn review_page(
    portal: &Portal,
    managing: &Managing,
    known: &Known,
    asked: &Asked,
    again: Again,
) -> ReviewPage {
    let top = Top::of(managing, &known.event, &known.inputs, Place::Review, asked).telling(again.told.clone());
    let at = asked.page.unwrap_or(1).max(1);
    let people: Vec<&Person> = known.unmatched().collect();
    let window = known.window();
    let likely = Likely::of(known);
    let zone = &known.event.when.zone;
    let shown = people.iter().enumerate().skip((at - 1).saturating_mul(PAGE_UNMATCHED)).take(PAGE_UNMATCHED);
    let unmatched: Vec<Card> =
        shown.map(|(number, person)| card(number, person, &window, zone, likely.of_person(person))).collect();
    let (doubtful, absent) = (queue(known, is_doubtful), queue(known, is_absent));
    ReviewPage {
        page: page(portal, managing, &known.event, "Review"),
        is_waiting: known.computed.is_none() && !known.is_broken,
        is_broken: known.is_broken,
        clock: Clock::over(zone, window.event).words(window.event.from),
        many: unmatched.iter().filter(|card| card.best().is_some()).count(),
        unmatched,
        all_unmatched: people.len(),
        at,
        pages: people.len().div_ceil(PAGE_UNMATCHED).max(1),
        all_doubtful: doubtful.len(),
        doubtful: lines(known, &top.base, &doubtful, &window),
        all_absent: absent.len(),
        absent: lines(known, &top.base, &absent, &window),
        top,
        again,
    }
}

/// Suggestions for those who are matched with nobody.
pub(super) struct Likely<'k> {
    suggester: Option<(Suggester<'k>, &'k Facts)>,
    known: &'k Known,
}

impl<'k> Likely<'k> {
    pub(super) fn of(known: &'k Known) -> Self {
        let computed = known.computed.as_ref();
        let suggester = computed.map(|it| (Suggester::new(&it.facts, &it.decision), &it.facts));
        Self { suggester, known }
    }

    /// Who somebody may be, the likest first; not who was rejected.
    pub(super) fn of_person(&self, person: &Person) -> Vec<Suggested> {
        let Some((suggester, facts)) = &self.suggester else { return Vec::new() };
        let rejected = &self.known.inputs.settled.rejected;
        let is_open = |suggestion: &Suggestion| {
            let registrant = facts.registrants.get(suggestion.registrant);
            registrant.is_some_and(|it| {
                // Who was split off somebody isn't them.
                let is_split = person.handle.starts_with(&format!("split:{}:", it.id));
                !is_split && !rejected.contains(&(person.handle.clone(), it.id.clone()))
            })
        };
        let found: Vec<Suggestion> = suggester.suggest(person).into_iter().filter(is_open).collect();
        let best = stands_out(&found).map(|best| best.registrant);
        let suggested = |suggestion: &Suggestion| {
            let registrant = facts.registrants.get(suggestion.registrant)?;
            Some(Suggested {
                account: registrant.id.clone(),
                name: format!("{} {}", registrant.name.first, registrant.name.last),
                why: suggestion.why.iter().map(|likeness| likeness.text()).collect(),
                // That nobody else is left is no likeness.
                stands_out: best == Some(suggestion.registrant) && suggestion.why != [Likeness::OnlyOneAbsent],
            })
        };
        found.iter().filter_map(suggested).collect()
    }
}

impl Card {
    /// Who it most likely is, if nobody else is as likely.
    fn best(&self) -> Option<&Suggested> {
        self.suggested.first().filter(|first| first.stands_out)
    }
}

fn card(number: usize, person: &Person, window: &Window, zone: &Zone, suggested: Vec<Suggested>) -> Card {
    let clock = Clock::over(zone, around(person, window));
    let names: Vec<String> = person.zoom_names.iter().map(|name| without_numbers(name)).collect();
    let names = if names.is_empty() { "Somebody without a name".to_owned() } else { names.join(", ") };
    Card {
        number,
        key: form_key(&person.handle),
        names,
        emails: person.zoom_emails.clone(),
        phone: person.handle.strip_prefix("phone:").map(last_digits),
        bar: mini_bar(window, person),
        stays: person.stays.iter().map(|stay| clock.span(*stay)).collect(),
        attended: person.reported_seconds.map_or_else(
            || length(person.attended_seconds),
            |seconds| format!("{}, by the report's sum of minutes", length(seconds)),
        ),
        reasons: person.reasons.iter().filter(|reason| reason.asks_for_review()).map(|reason| reason.text()).collect(),
        suggested,
    }
}

fn around(person: &Person, window: &Window) -> Span {
    Span {
        from: person.stays.iter().map(|stay| stay.from).fold(window.event.from, i64::min),
        to: person.stays.iter().map(|stay| stay.to).fold(window.event.to, i64::max),
    }
}

fn is_doubtful(person: &Participation, now: Option<&Person>) -> bool {
    match person.decided.as_deref() {
        Some(decided) => decided.is_open(),
        None => now.is_some_and(|now| now.verdict == Verdict::Review),
    }
}

fn is_absent(person: &Participation, now: Option<&Person>) -> bool {
    let verdict = person.decided.as_deref().map(|decided| decided.verdict).or(now.map(|now| now.verdict));
    verdict == Some(Verdict::Absent)
}

fn queue(known: &Known, belongs: impl Fn(&Participation, Option<&Person>) -> bool) -> Vec<&Participation> {
    let by_account = known.by_account();
    let now = |person: &Participation| by_account.get(person.account.as_str()).copied();
    known.seated().into_iter().filter(|person| belongs(person, now(person))).collect()
}

fn lines(known: &Known, base: &str, people: &[&Participation], window: &Window) -> Vec<Line> {
    let by_account = known.by_account();
    let line = |person: &&Participation| {
        let now = by_account.get(person.account.as_str()).copied();
        let decided = person.decided.as_deref();
        let reasons = match decided {
            Some(decided) => decided.turned.as_ref().map_or(&decided.reasons[..], |turned| &turned.reasons[..]),
            None => now.map(|now| &now.reasons[..]).unwrap_or_default(),
        };
        Line {
            address: format!("{base}/people/{}", person.account),
            name: name_of(person),
            outcome: match (decided, now) {
                (None, Some(now)) => Outcome::of(now.verdict),
                (decided, _) => Outcome::of_decided(decided),
            },
            reasons: reasons.iter().map(|reason| reason.text()).collect(),
            bar: now.filter(|now| !now.stays.is_empty()).map(|now| mini_bar(window, now)),
        }
    };
    people.iter().take(MOST_LISTED).map(line).collect()
}

/// Where the queues are.
pub(super) fn address(known: &Known) -> String {
    format!("{}/review", base(&known.event))
}
