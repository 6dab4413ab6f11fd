//! One person's certificate: where the evaluation and the certificate stand, what was done to it by whom and why, and what can be done.

use super::{Facts, Words, address, certificate_words, evaluation_words, name_of, page_of};
use crate::{
    Portal, Shared,
    completion::by_roster,
    manage::{Head, Managing, Part, history::Names},
    trouble,
};
use adapters::clock;
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    certificate::grouped,
    completion::{Deed, Step, What, may_issue},
    event::Event,
    registration::Participation,
};
use pages::{answer, fields::Fields, layout::Page, moment::Moment, problem::Problem, visitor::Visitor};

#[derive(Template)]
#[template(path = "manage/certificate.html")]
pub(super) struct OnePage {
    page: Page,
    head: Head,
    address: String,
    list: String,
    who: String,
    account_name: String,
    differs: bool,
    evaluation: Words,
    certificate: Words,
    until: Option<Moment>,
    submitted: Option<Submitted>,
    deeds: Vec<DeedLine>,
    pub(super) form: Fields,
    pub(super) refused: Option<&'static str>,
}

/// What was submitted, without what was answered.
struct Submitted {
    at: Moment,
    name: String,
    code: String,
    grouped: String,
    replaces: Option<String>,
    held: Option<String>,
    revoked: Option<String>,
    /// Licences whose credit a roster had recorded before.
    by_roster: Vec<String>,
    may_revoke: bool,
    may_issue: bool,
    is_under_way: bool,
}

/// What somebody did.
struct DeedLine {
    at: Moment,
    who: String,
    what: &'static str,
    why: String,
}

/// `GET /manage/events/{id}/certificates/{account}`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path((id, account)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let facts = Facts::fetch(&portal, &managing, &id, &account).await?;
    answer::page(&page(&portal, &managing, &facts).await?)
}

pub(super) async fn page(portal: &Portal, managing: &Managing, facts: &Facts) -> Result<OnePage, Problem> {
    let Facts { event, person, name, .. } = facts;
    let now = clock::now();
    let moment = |at| Moment::new(at, now, &event.when.zone.rules());
    let deeds =
        portal.clients.table.fetch_certificate_deeds(&event.id, &person.account).await.map_err(trouble::table)?;
    let deeds = match deeds.is_empty() {
        true => Vec::new(),
        false => {
            let names = Names::fetch(portal, event).await?;
            deeds.into_iter().map(|deed| deed_line(deed, &names, managing, &moment)).collect()
        }
    };
    let completion = person.completion.as_deref();
    Ok(OnePage {
        page: page_of(managing, portal, format!("Certificate of {}", name_of(person))),
        head: Head::of(managing, event, Part::Certificates),
        address: address(event, &person.account),
        list: format!("/manage/events/{}/certificates", event.id),
        who: name_of(person),
        account_name: format!("{} {}", name.first, name.last),
        differs: person.submitted().is_some_and(|submitted| submitted.name != *name),
        evaluation: evaluation_words(person, facts.came_back, now),
        certificate: certificate_words(person),
        until: completion.filter(|it| it.submitted.is_none()).map(|completion| moment(completion.until)),
        submitted: person.submitted().map(|submitted| shown(submitted, (event, person), &moment)),
        deeds,
        form: Fields::of([("why", "")]),
        refused: None,
    })
}

fn shown(
    submitted: &domain::completion::Submitted,
    (event, person): (&Event, &Participation),
    moment: &impl Fn(i64) -> Moment,
) -> Submitted {
    let issue = &submitted.certificate;
    let (held, revoked) = match &issue.step {
        Step::Held { why, .. } => (Some(why.text()), None),
        Step::Revoking { why, .. } | Step::Revoked { why, .. } => (None, Some(why.clone())),
        Step::Pending | Step::Issued { .. } => (None, None),
    };
    Submitted {
        at: moment(submitted.at),
        name: format!("{} {}", submitted.name.first, submitted.name.last),
        code: issue.code.to_string(),
        grouped: grouped(&issue.code),
        replaces: issue.replaces.as_ref().map(ToString::to_string),
        held,
        revoked,
        by_roster: by_roster(submitted),
        may_revoke: matches!(issue.step, Step::Issued { .. } | Step::Held { .. }),
        may_issue: may_issue(event, person).is_ok() && !issue.step.is_to_do(),
        is_under_way: issue.step.is_to_do(),
    }
}

fn deed_line(deed: Deed, names: &Names, managing: &Managing, moment: &impl Fn(i64) -> Moment) -> DeedLine {
    DeedLine {
        at: moment(deed.at),
        who: names.of(managing, &deed.by).unwrap_or_else(|| "Somebody of the staff".to_owned()),
        what: match deed.what {
            What::Again { .. } => "Issued again",
            What::Revoked => "Revoked",
            What::TakenBack => "Revoked with the attendance",
        },
        why: deed.why,
    }
}
