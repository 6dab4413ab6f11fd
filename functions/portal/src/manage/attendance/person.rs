//! One person's attendance, as staff look into it: the picture, the rule with its numbers, what was said, and what is kept of it;
//! and the forms by which staff say their word. What is kept is shown byte by byte, and computed again when somebody asks.

use super::{
    Asked, Place, Top,
    again::Again,
    base,
    known::{Known, fetch_ended, name_of},
    page,
    words::{self, Outcome, form_key, lasted, without_numbers},
};
use crate::{
    Portal, Shared,
    attendance::{compute_then, fetch_explanation},
    manage::{Managing, history::Names},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use domain::{
    attendance::{Decided, Person, Reason, Said, Turned, Voice as Speaks},
    id::AccountId,
    registration::Participation,
};
use http::{
    HeaderValue,
    header::{CONTENT_DISPOSITION, CONTENT_TYPE},
};
use pages::{
    answer,
    attendance::{Explained, Shown, Voice},
    form::Query,
    layout::Page,
    moment::Moment,
    problem::Problem,
    visitor::Visitor,
};
use serde::Deserialize;

/// The field of the address that asks for computing it again.
#[derive(Default, Deserialize)]
pub(crate) struct Anew {
    again: Option<String>,
}

#[derive(Template)]
#[template(path = "manage/attendance/person.html")]
pub(super) struct PersonPage {
    page: Page,
    top: Top,
    address: String,
    name: String,
    outcome: Outcome,
    /// It isn't decided: this is what would be.
    is_try: bool,
    it: Option<Explained>,
    /// What is kept couldn't be read.
    is_broken: bool,
    decided: Option<DecidedFacts>,
    turned: Option<Sides>,
    /// What is doubtful about who it was.
    doubts: Vec<&'static str>,
    /// Their codes, which the form has.
    codes: String,
    /// The names that Zoom shows of them, each of which may be somebody else's.
    names: Vec<Name>,
    lines: Vec<Line>,
    computed: Option<Anewed>,
    again: Again,
}

/// A name, and what the form has for it.
struct Name {
    key: String,
    shown: String,
}

/// What is kept of a decision.
struct DecidedFacts {
    at: Moment,
    case: String,
    evidence: String,
    sha256: String,
    rule: String,
}

/// Two decisions beside each other.
struct Sides {
    rows: Vec<(&'static str, String, String)>,
    found: Moment,
}

/// A word about them.
struct Line {
    number: u64,
    when: Moment,
    who: String,
    what: String,
    why: String,
    /// Whether it stands and can be taken back here.
    stands: bool,
}

/// What came of computing it again.
struct Anewed {
    good: bool,
    told: &'static str,
}

/// `GET /manage/events/{id}/attendance/people/{account}`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path((id, account)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    Query(anew): Query<Anew>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let known = Known::fetch(&portal, fetch_ended(&portal, &managing, &id).await?).await?;
    let account = find(&known, &account)?;
    let page = person_page(&portal, &managing, &known, &account, &asked, Again::default()).await?;
    let computed = match anew.again {
        Some(_) => compute_again(&portal, &known, &account).await?,
        None => None,
    };
    answer::page(&PersonPage { computed, ..page })
}

/// `GET /manage/events/{id}/attendance/people/{account}/explanation.json`: the bytes as they were kept.
pub(crate) async fn explanation(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path((id, account)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = fetch_ended(&portal, &managing, &id).await?;
    let account = AccountId::parse(&account).map_err(|_| Problem::NotFound)?;
    let person = portal.clients.table.fetch_participation(&event.id, &account).await.map_err(crate::trouble::table)?;
    let decided = person.and_then(|person| person.decided).ok_or(Problem::NotFound)?;
    let bytes = fetch_explanation(&portal, &event, &decided).await?;
    // Ids alone: a file's name gets around.
    let name = format!("attachment; filename=\"attendance-{}-{account}.json\"", event.id);
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (CONTENT_DISPOSITION, HeaderValue::try_from(name).map_err(|_| Problem::Ours)?),
    ];
    Ok((headers, bytes).into_response())
}

/// The account of somebody who takes part in the event.
pub(super) fn find(known: &Known, account: &str) -> Result<AccountId, Problem> {
    let account = AccountId::parse(account).map_err(|_| Problem::NotFound)?;
    let is_known = known.inputs.people.iter().any(|person| person.account == account);
    is_known.then_some(account).ok_or(Problem::NotFound)
}

pub(super) async fn person_page(
    portal: &Portal,
    managing: &Managing,
    known: &Known,
    account: &AccountId,
    asked: &Asked,
    again: Again,
) -> Result<PersonPage, Problem> {
    let event = &known.event;
    let person = known.inputs.people.iter().find(|person| person.account == *account).ok_or(Problem::NotFound)?;
    let decided = person.decided.as_deref();
    let address = format!("{}/people/{account}", base(event));
    let top = Top::of(managing, event, &known.inputs, Place::Person, asked).looking(&address, known, asked);
    // A page that can't show the picture still shows what is decided, and takes a word.
    let (told, is_broken) = match explain(portal, known, account, decided).await {
        Ok(told) => (told, known.is_broken),
        Err(_) => (Told::default(), true),
    };
    let now = known.by_account().get(account.as_str()).copied();
    let doubts = doubts(decided, now);
    let mut page = page(portal, managing, event, &name_of(person));
    page.reload_seconds = top.renew.is_some().then_some(4);
    Ok(PersonPage {
        page,
        address,
        name: name_of(person),
        outcome: Outcome::of_decided(decided),
        is_try: decided.is_none(),
        it: told.it,
        is_broken,
        decided: decided.map(|decided| DecidedFacts {
            at: portal.moment(decided.at, known.now),
            case: decided.case.clone(),
            evidence: told.evidence,
            sha256: decided.explained.sha256.clone(),
            rule: told.rule,
        }),
        turned: decided.and_then(|decided| Some(sides(portal, known, decided, decided.turned.as_ref()?))),
        doubts: doubts.iter().map(|doubt| doubt.text()).collect(),
        codes: doubts.iter().map(|doubt| doubt.code()).collect::<Vec<_>>().join(" "),
        names: now.into_iter().flat_map(|person| &person.zoom_names).map(|name| Name::of(name)).collect(),
        lines: lines(portal, managing, known, account).await?,
        computed: None,
        top: top.telling(again.told.clone()),
        again,
    })
}

/// What is doubtful about who it was, and can be settled by saying that it was them.
pub(super) fn doubts(decided: Option<&Decided>, now: Option<&Person>) -> Vec<Reason> {
    let open = decided.filter(|decided| decided.is_open());
    let reasons = open.map(|decided| decided.turned.as_ref().map_or(&decided.reasons, |turned| &turned.reasons));
    let reasons = reasons.or(now.filter(|_| decided.is_none()).map(|person| &person.reasons));
    reasons.into_iter().flatten().copied().filter(|reason| reason.is_about_identity()).collect()
}

/// What a decision comes to, and what it is made by.
#[derive(Default)]
struct Told {
    it: Option<Explained>,
    evidence: String,
    rule: String,
}

/// The explanation of what is decided, by what it was decided by; before that, of what would be decided now. With the evidence.
async fn explain(
    portal: &Portal,
    known: &Known,
    account: &AccountId,
    decided: Option<&Decided>,
) -> Result<Told, Problem> {
    let then = match decided {
        Some(decided) => Some(compute_then(portal, &known.event, &decided.case).await?),
        None => None,
    };
    let Some(computed) = then.as_ref().or(known.computed.as_ref()) else { return Ok(Told::default()) };
    let is_them = |person: &&Person| {
        let registrant = person.registrant.and_then(|place| computed.facts.registrants.get(place));
        registrant.is_some_and(|registrant| registrant.id == account.as_str())
    };
    let person = computed.decision.people.iter().find(is_them);
    let it = person.map(|person| {
        Explained::of(&Shown {
            id: "attendance",
            title: &known.event.title,
            zone: &computed.case.zone,
            window: &computed.decision.window,
            person,
            tolerance_seconds: computed.facts.tolerance_seconds,
            advertised: &computed.facts.credits,
            voice: Voice::They,
        })
    });
    let case = &computed.case;
    Ok(Told { it, evidence: case.source.sha256().to_owned(), rule: case.rule.clone() })
}

/// Computes what was decided once more, and compares it with what is kept.
async fn compute_again(portal: &Portal, known: &Known, account: &AccountId) -> Result<Option<Anewed>, Problem> {
    let person = known.inputs.people.iter().find(|person| person.account == *account);
    let Some(decided) = person.and_then(|person| person.decided.as_deref()) else { return Ok(None) };
    let kept = fetch_explanation(portal, &known.event, decided).await?;
    let computed = compute_then(portal, &known.event, &decided.case).await?;
    let good = computed.explanation_of(account).is_some_and(|bytes| bytes == kept);
    let told = if good {
        "The same, byte by byte: what is kept of Zoom's report and of what was said comes to exactly this explanation."
    } else {
        "It doesn't come to the same. The rule has changed since, or something was tampered with: don't decide by this page, and tell the operator, with the two hashes below. What was decided stands."
    };
    Ok(Some(Anewed { good, told }))
}

fn sides(portal: &Portal, known: &Known, stands: &Decided, later: &Turned) -> Sides {
    let reasons = |reasons: &[Reason]| reasons.iter().map(|reason| reason.text()).collect::<Vec<_>>().join(" ");
    let rows = vec![
        ("Outcome", Outcome::of(stands.verdict).words.to_owned(), Outcome::of(later.verdict).words.to_owned()),
        ("Attended", lasted(stands.attended), lasted(later.attended)),
        ("Missed", lasted(stands.missed), lasted(later.missed)),
        ("Why", reasons(&stands.reasons), reasons(&later.reasons)),
    ];
    Sides { rows, found: portal.moment(later.at, known.now) }
}

/// What was said about them, in its order.
async fn lines(portal: &Portal, managing: &Managing, known: &Known, account: &AccountId) -> Result<Vec<Line>, Problem> {
    let about: Vec<_> = known.inputs.adjustments.iter().filter(|word| word.said.account() == Some(account)).collect();
    if about.is_empty() {
        return Ok(Vec::new());
    }
    let names = Names::fetch(portal, &known.event).await?;
    let whose = whose(&known.inputs.people);
    let line = |word: &&domain::attendance::Adjustment| Line {
        number: word.number,
        when: portal.moment(word.at, known.now),
        who: speaker(&names, managing, word),
        what: words::said(&word.said, &known.event.when.zone, &known.inputs.record, &whose),
        why: word.why.clone(),
        stands: known.inputs.settled.standing.contains(&word.number) && !matches!(word.said, Said::TakeBack { .. }),
    };
    Ok(about.iter().map(line).collect())
}

/// Names registrants by their accounts.
pub(super) fn whose(people: &[Participation]) -> impl Fn(&str) -> String {
    |account| {
        let person = people.iter().find(|person| person.account.as_str() == account);
        person.map_or_else(|| "somebody who has left".to_owned(), name_of)
    }
}

/// Who said something.
pub(super) fn speaker(names: &Names, managing: &Managing, word: &domain::attendance::Adjustment) -> String {
    match word.voice {
        Speaks::Licensee => "The licensee".to_owned(),
        Speaks::Office => names.of(managing, &word.by).unwrap_or_else(|| "The office".to_owned()),
        Speaks::Provider => names.of(managing, &word.by).unwrap_or_else(|| "Somebody who has left".to_owned()),
    }
}

impl Name {
    fn of(name: &str) -> Self {
        Self { key: form_key(name), shown: without_numbers(name) }
    }
}

impl PersonPage {
    fn can_undo(&self) -> bool {
        self.lines.iter().any(|line| line.stands)
    }
}
