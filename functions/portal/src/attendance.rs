//! An event's attendance as pages show it: what stands, what would be decided by what is known now, and what was decided before,
//! computed from what is kept of it. Pages decide nothing and write no decision: they say what somebody has said, and the worker
//! of events carries it out.

use crate::{Portal, trouble};
use adapters::{
    objects::{case_key, explanations_key},
    table::AttendanceInputs,
};
use documents::{
    attendance::{Case, CaseError, calls, explanation_of, sha256},
    zoom::report::LARGEST_REPORT,
};
use domain::{
    attendance::{Decided, Decision, Facts},
    event::Event,
    id::AccountId,
};
use pages::problem::Problem;

/// A case with what it comes to.
pub(crate) struct Computed {
    /// Everything that the decision is made by.
    pub(crate) case: Case,
    /// The event and its people, with what was said about them.
    pub(crate) facts: Facts,
    /// What is decided.
    pub(crate) decision: Decision,
}

impl Computed {
    /// The explanation of one registrant, computed from the case and its evidence.
    pub(crate) fn explanation_of(&self, account: &AccountId) -> Option<Vec<u8>> {
        explanation_of(&self.case, &self.facts, &self.decision, account)
    }
}

/// What would be decided by what is known now: nothing is written. `None` as long as there is neither a report nor a file.
pub(crate) async fn compute_now(
    portal: &Portal,
    event: &Event,
    inputs: &AttendanceInputs,
) -> Result<Option<Computed>, Problem> {
    let Some(basis) = inputs.record.basis(&inputs.settled) else { return Ok(None) };
    let known = match &inputs.record.applied {
        // One that older or newer code made tells nothing of calls here; what was told live still does.
        Some(applied) => {
            let bytes = fetch_case_bytes(portal, event, &applied.case).await?;
            Case::parse(&bytes).map(|case| case.calls).unwrap_or_default()
        }
        None => Vec::new(),
    };
    let hosts = [&inputs.hosts[..], basis.hosts()].concat();
    let facts = Facts::of_event(event, &inputs.people, &hosts);
    let case = Case::of(event, facts, &inputs.adjustments, calls(&inputs.sightings, &known), basis);
    compute(portal, case).await.map(Some)
}

/// What was decided by a case: fetched with its evidence, whose digest must be right, and computed again.
pub(crate) async fn compute_then(portal: &Portal, event: &Event, case: &str) -> Result<Computed, Problem> {
    let case = fetch_case(portal, event, case).await?;
    compute(portal, case).await
}

/// The explanation that was kept of a decision, byte by byte; one whose digest isn't the decision's is never shown.
pub(crate) async fn fetch_explanation(portal: &Portal, event: &Event, decided: &Decided) -> Result<Vec<u8>, Problem> {
    let key = explanations_key(&event.id, &decided.case);
    let explained = &decided.explained;
    let bytes = portal.clients.objects.fetch_part(&key, explained.from, explained.bytes).await;
    let bytes = bytes.map_err(trouble::objects)?;
    if sha256(&bytes) != explained.sha256 {
        return Err(failed(&CaseError::OtherEvidence));
    }
    Ok(bytes)
}

async fn fetch_case(portal: &Portal, event: &Event, name: &str) -> Result<Case, Problem> {
    let case = Case::parse(&fetch_case_bytes(portal, event, name).await?).map_err(|error| failed(&error))?;
    if case.name() == name { Ok(case) } else { Err(failed(&CaseError::OtherEvidence)) }
}

async fn fetch_case_bytes(portal: &Portal, event: &Event, name: &str) -> Result<Vec<u8>, Problem> {
    let bytes = portal.clients.objects.fetch_evidence(&case_key(&event.id, name), LARGEST_REPORT).await;
    bytes.map_err(trouble::objects)
}

async fn compute(portal: &Portal, case: Case) -> Result<Computed, Problem> {
    let evidence = match case.source.key() {
        Some(key) => portal.clients.objects.fetch_evidence(key, LARGEST_REPORT).await.map_err(trouble::objects)?,
        None => Vec::new(),
    };
    let (facts, decision) = case.decide(&evidence).map_err(|error| failed(&error))?;
    Ok(Computed { case, facts, decision })
}

fn failed(error: &CaseError) -> Problem {
    trouble::operator("computing a decision again", error)
}
