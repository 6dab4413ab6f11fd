//! Attendance after an event's end: Zoom is asked until two reports agree, everybody is decided of by what is kept of it, and each
//! decision is written where the person's registration stands.
//!
//! Load, plan, apply: the plan is made of the table and the evidence alone, so that a process which dies on the way, and one that
//! comes twice, end with the same. It must never decide by a report of which a page is missing, take back by itself what was found
//! to be in full, or write a decision whose evidence isn't kept.

use crate::{
    DueError,
    report::{self, NotFetched},
    run::{People, Run, Step},
};
use adapters::{
    objects::{ObjectsError, case_key, explanations_key},
    remedy::Remedy,
    table::{AttendanceInputs, TableError},
};
use documents::attendance::{Case, CaseError, Explanations, calls, explanations};
use domain::{
    attendance::{
        Applied, Basis, Change, Counts, Facts, Kept, Move, Plan, Record, Report, Settled, Work,
        is_decided_by_attendance, plan_for, tries,
    },
    completion::{EvaluationTimes, Following, TakingBack, following},
    event::Event,
    id::{AccountId, MailId},
    mail::Mail,
    registration::Participation,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use std::collections::BTreeMap;

/// Decisions written side by side: at some 5 ms each a thousand take a third of a second.
const WRITTEN_AT_ONCE: usize = 16;
/// The largest evidence that is decided by, in bytes: 100,000 rows of 500 and as much again.
const LARGEST_EVIDENCE: usize = documents::zoom::report::LARGEST_REPORT;
/// Zoom's answer is worth waiting so many seconds more for once something else wants to be cured: an hour.
const PACE_SECONDS: i64 = 3_600;

/// How the attendance step went.
pub(crate) struct Attended {
    pub(crate) step: Step,
    /// When it is worth looking again.
    pub(crate) next: Option<i64>,
    /// Whether the day is nearly over in which everybody should know.
    pub(crate) is_late: bool,
}

const DONE: Attended = Attended { step: Step::Done, next: None, is_late: false };

/// Does what is to be done of an event's attendance at this moment.
pub(crate) async fn reconcile(event: &Event, run: &Run<'_>) -> Result<Attended, DueError> {
    if !is_decided_by_attendance(event) || !event.has_ended(run.now()) {
        return Ok(DONE);
    }
    let record = run.table().fetch_attendance(&event.id).await?;
    let settled = Settled::of(&run.table().fetch_adjustments(&event.id).await?);
    match record.work(event, &settled, run.now()) {
        work if !run.has_time() && !matches!(work, Work::Nothing(_)) => Ok(out_of_time(event, &record, run.now())),
        Work::Nothing(_) if record.is_final(&settled) && has_newcomer(event, run).await? => decide(event, run).await,
        Work::Nothing(next) => Ok(later(event, &record, next, run.now())),
        Work::Fetch => {
            let asked = record.clone();
            let Some(record) = fetch(event, record, run).await? else {
                return Ok(out_of_time(event, &asked, run.now()));
            };
            match record.work(event, &settled, run.now()) {
                // A report that has just come a second time is decided at once.
                Work::Decide => decide(event, run).await,
                Work::Fetch | Work::Nothing(_) => Ok(later(event, &record, record.next_at, run.now())),
            }
        }
        Work::Decide => decide(event, run).await,
    }
}

/// Whether somebody has a seat of whom nothing is decided: who is put down for an event may confirm weeks after it.
async fn has_newcomer(event: &Event, run: &Run<'_>) -> Result<bool, TableError> {
    let mut people = People::of(event, run);
    while let Some(page) = people.next().await? {
        if page.iter().any(|person| person.state.has_seat() && person.decided.is_none()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// There is nothing to do before the next try, and a warning in between if everybody should be decided by then.
fn later(event: &Event, record: &Record, next: Option<i64>, now: i64) -> Attended {
    let warned_at = event.when.ends_at + tries::ALARM_SECONDS;
    let is_open = is_open(record);
    let warning = Some(warned_at).filter(|at| is_open && *at > now);
    Attended { step: Step::Done, next: next.into_iter().chain(warning).min(), is_late: is_open && warned_at <= now }
}

/// Whether everybody is still to be decided.
fn is_open(record: &Record) -> bool {
    record.applied.as_ref().is_none_or(|applied| applied.leaves_open())
}

/// The process has to end; a day that is nearly over is told of all the same.
fn out_of_time(event: &Event, record: &Record, now: i64) -> Attended {
    Attended { step: Step::OutOfTime, ..later(event, record, None, now) }
}

/// Asks Zoom once, and notes what came of it; `None` if there was no time for it.
async fn fetch(event: &Event, record: Record, run: &Run<'_>) -> Result<Option<Record>, DueError> {
    let now = run.now();
    let first_try = run.world.first_try_seconds;
    let ended_at = event.when.ends_at;
    // Before the first try's time there is nothing to ask.
    if record.tried_at.is_none() && now < ended_at + first_try {
        let at = Some(ended_at + first_try);
        return if record.next_at == at {
            Ok(Some(record))
        } else {
            save(event, Record { next_at: at, ..record }, run).await.map(Some)
        };
    }
    let last = record.candidate.as_ref().or(record.report.as_ref());
    let known = last.map(|report| report.digest.clone());
    let after = match Box::pin(report::fetch(event, known.as_deref(), run)).await {
        Ok(fetched) => {
            let is_same = known.as_deref() == Some(fetched.digest.as_str());
            let kept = match (fetched.source, last) {
                (Some(new), _) => Kept { key: new.key, sha256: new.sha256, bytes: new.bytes },
                // What agrees with what is kept already isn't kept again.
                (None, Some(last)) => last.kept.clone(),
                (None, None) => return Err(DueError::Moved),
            };
            let agreed = if is_same { last.map_or(1, |last| last.agreed + 1) } else { 1 };
            let report = Report {
                at: now,
                digest: fetched.digest,
                kept,
                rows: fetched.rows,
                participants: fetched.participants,
                instances: fetched.instances,
                hosts: fetched.hosts,
                agreed,
            };
            came(Record { tried_at: Some(now), trouble: None, ..record }, report, now)
        }
        Err(NotFetched::Own(error)) => return Err(error),
        Err(NotFetched::OutOfTime) => return Ok(None),
        Err(not) => {
            let tries = record.tries + 1;
            // A report that has come once is waited for however long it takes: it decides nothing before it has come twice.
            let is_awaited = record.candidate.is_some() || record.report.is_some() && record.final_at.is_none();
            let later = tries::next_try(ended_at, first_try, tries, false, now)
                .or(is_awaited.then_some(now + tries::LATE_PAUSE_SECONDS));
            let (code, next_at) = match not {
                NotFetched::NotThereYet => ("report_not_there", later),
                NotFetched::Failing { code, not_before } => (code, later.map(|at| at.max(not_before.unwrap_or(at)))),
                // A person has to act; that they did is seen within the hour.
                NotFetched::NeedsSomebody { code } => (code, later.map(|at| at.min(now + PACE_SECONDS))),
                NotFetched::NoMeeting | NotFetched::OutOfTime | NotFetched::Own(_) => ("no_zoom_meeting", None),
            };
            tracing::info!(event = %event.id, code, tries, "attendance.no_report");
            Record { tries, tried_at: Some(now), next_at, trouble: Some(code.to_owned()), ..record }
        }
    };
    save(event, after, run).await.map(Some)
}

/// The record after a report came whole. One that is final stays what is decided by until another has come twice.
fn came(record: Record, report: Report, now: i64) -> Record {
    let again = Some(now + tries::AGREE_SECONDS);
    let is_final = record.final_at.is_some();
    let stands = is_final && record.report.as_ref().is_some_and(|stood| stood.digest == report.digest);
    match report.agreed >= 2 {
        _ if stands => Record { tries: 0, next_at: None, candidate: None, ..record },
        true => {
            let final_at = record.final_at.or(Some(now));
            Record { tries: 0, next_at: None, report: Some(report), candidate: None, final_at, ..record }
        }
        false if is_final => Record { tries: 1, next_at: again, candidate: Some(report), ..record },
        false => Record { tries: 1, next_at: again, report: Some(report), ..record },
    }
}

/// Saves the record; somebody who said something meanwhile is heard at the next round.
async fn save(event: &Event, record: Record, run: &Run<'_>) -> Result<Record, DueError> {
    if run.table().save_attendance(&event.id, &record).await? {
        return Ok(Record { version: record.version + 1, ..record });
    }
    Err(DueError::Moved)
}

/// Decides of everybody by what stands now, and carries it out.
async fn decide(event: &Event, run: &Run<'_>) -> Result<Attended, DueError> {
    let inputs = run.table().fetch_attendance_inputs(event).await?;
    let Some(basis) = inputs.record.basis(&inputs.settled) else { return Ok(DONE) };
    // Somebody may have chosen another source since this was found to be due: one that isn't final decides nothing.
    if basis != Basis::Words && !inputs.record.is_final(&inputs.settled) {
        return Err(DueError::Moved);
    }
    let by = basis.digest().to_owned();
    let case = make_case(event, &inputs, basis, run).await?;
    let evidence = match case.source.key() {
        Some(key) => run.objects().fetch_evidence(key, LARGEST_EVIDENCE).await?,
        None => Vec::new(),
    };
    let (facts, decision) = case.decide(&evidence)?;
    let explained = explanations(&case, &facts, &decision, run.now());
    let unmatched = decision.people.iter().filter(|person| person.registrant.is_none() && !person.is_settled);
    let unmatched = u32::try_from(unmatched.count()).unwrap_or(u32::MAX);
    keep(&case, &explained, run).await?;
    let plan = plan_for(&inputs.people, explained.decided, unmatched, basis == Basis::Words);
    let is_all = carry_out(event, &inputs, &plan, run).await?;
    if !is_all {
        return Ok(out_of_time(event, &inputs.record, run.now()));
    }
    let record = &inputs.record;
    let applied = Applied {
        plan: record.applied.as_ref().map_or(1, |applied| applied.plan + 1),
        case: case.name(),
        at: run.now(),
        said: record.said,
        by,
        counts: plan.counts,
        holds: decision.window.holds.iter().map(|hold| hold.code().to_owned()).collect(),
    };
    let Counts { full, short, review, absent, unmatched } = plan.counts;
    let moves = plan.moves.len();
    tracing::info!(event = %event.id, moves, full, short, review, absent, unmatched, "attendance.decided");
    let record = Record { applied: Some(applied), ..record.clone() };
    if !run.table().save_plan(&event.id, &record, u32::try_from(moves).unwrap_or(u32::MAX)).await? {
        return Err(DueError::Moved);
    }
    // Somebody may have asked for another report meanwhile, or none has come yet.
    let next = record.next_at.filter(|_| inputs.settled.file.is_none());
    Ok(later(event, &record, next, run.now()))
}

/// The case as it stands, with what an earlier one knew of telephones.
async fn make_case(
    event: &Event,
    inputs: &AttendanceInputs,
    basis: Basis<'_>,
    run: &Run<'_>,
) -> Result<Case, DueError> {
    let before = match &inputs.record.applied {
        Some(applied) => {
            let bytes = run.objects().fetch_evidence(&case_key(&event.id, &applied.case), LARGEST_EVIDENCE).await?;
            // One that older or newer code made tells nothing of calls here; what was told live still does.
            Case::parse(&bytes)
                .inspect_err(|error| tracing::warn!(event = %event.id, %error, "attendance.other_case"))
                .ok()
        }
        None => None,
    };
    let known = before.map(|case| case.calls).unwrap_or_default();
    let hosts = [&inputs.hosts[..], basis.hosts()].concat();
    let facts = Facts::of_event(event, &inputs.people, &hosts);
    Ok(Case::of(event, facts, &inputs.adjustments, calls(&inputs.sightings, &known), basis))
}

/// Keeps what the decisions rest on, before any is written.
async fn keep(case: &Case, explained: &Explanations, run: &Run<'_>) -> Result<(), ObjectsError> {
    let name = case.name();
    let (case_key, explanations_key) = (case_key(&case.event, &name), explanations_key(&case.event, &name));
    let objects = run.objects();
    tokio::try_join!(
        objects.save_evidence(&case_key, case.bytes(), "application/json", BTreeMap::new()),
        objects.save_evidence(&explanations_key, explained.file.clone(), "application/jsonl", BTreeMap::new()),
    )?;
    Ok(())
}

/// Writes every move; whether there was time for all.
async fn carry_out(event: &Event, inputs: &AttendanceInputs, plan: &Plan, run: &Run<'_>) -> Result<bool, DueError> {
    let by_account: BTreeMap<&AccountId, &Participation> =
        inputs.people.iter().map(|person| (&person.account, person)).collect();
    let moves = plan.moves.iter().filter_map(|step| Some((by_account.get(&step.account).copied()?, step)));
    let times = run.evaluation_times().await?;
    if plan.moves.iter().any(|step| step.decided.is_credited()) {
        // Whoever is invited is asked what everybody is: from now on the questions stay as they are.
        run.table().freeze_form(event, run.now()).await?;
    }
    let writes = moves.map(|(person, step)| write_one(event, inputs, (person, step), times, run));
    let written: Vec<Written> = stream::iter(writes).buffer_unordered(WRITTEN_AT_ONCE).try_collect().await?;
    let mails = written.iter().filter_map(|written| written.mail.clone()).collect();
    run.post(mails).await;
    run.post_letters(&event.id, written.iter().filter_map(|written| written.invited.clone()).collect()).await;
    run.wake_certificates(&event.id, written.iter().filter_map(|written| written.revoked.clone()).collect()).await;
    if written.iter().any(|written| written.moved) {
        return Err(DueError::Moved);
    }
    Ok(written.iter().all(|written| written.done))
}

/// What somebody is told: that staff take back what was in full, in their words, at the address that they have now. All else stands on
/// the pages.
async fn mail_of(
    event: &Event,
    inputs: &AttendanceInputs,
    (person, step): (&Participation, &Move),
    run: &Run<'_>,
) -> Result<Option<Mail>, TableError> {
    let Some(TakingBack { why, .. }) = taking_back(inputs, step).filter(|_| !person.is_closed()) else {
        return Ok(None);
    };
    let addresses = run.table().fetch_addresses(std::slice::from_ref(&person.account)).await?;
    let to = match addresses.get(&person.account) {
        Some(now) => now.clone(),
        None => person.email.clone(),
    };
    Ok(to.map(|to| Mail::attendance_taken_back((person, to), event, (&step.decided, why), run.now())))
}

/// The word of whoever took back what was in full, if it was taken back.
fn taking_back<'a>(inputs: &'a AttendanceInputs, step: &Move) -> Option<TakingBack<'a>> {
    if step.change != Change::TakenBack {
        return None;
    }
    let word = inputs.adjustments.iter().find(|word| Some(word.number) == step.decided.by.or(step.decided.withdrawn));
    Some(TakingBack { by: word.map(|word| &word.by), why: word.map_or("", |word| word.why.as_str()) })
}

#[derive(Default)]
struct Written {
    done: bool,
    /// Somebody else has changed the participation since it was read.
    moved: bool,
    mail: Option<MailId>,
    /// Who is invited by it.
    invited: Option<AccountId>,
    /// Whose certificate is to be revoked by it.
    revoked: Option<AccountId>,
}

/// Writes a decision with all that follows from it, in one update.
async fn write_one(
    event: &Event,
    inputs: &AttendanceInputs,
    (person, step): (&Participation, &Move),
    times: EvaluationTimes,
    run: &Run<'_>,
) -> Result<Written, TableError> {
    if !run.has_time() {
        return Ok(Written::default());
    }
    let (decided, now) = (&step.decided, run.now());
    let mail = mail_of(event, inputs, (person, step), run).await?;
    let following = following(event, person, decided, taking_back(inputs, step), times, now);
    let written = match &mail {
        Some(mail) => run.table().decide_and_tell(person, decided, &following, mail).await?,
        None => run.table().decide_person(person, decided, &following).await?,
    };
    let account = |is_so: bool| (written && is_so).then(|| person.account.clone());
    Ok(Written {
        done: written,
        moved: !written,
        invited: account(matches!(following, Following::Invited { .. })),
        revoked: account(matches!(following, Following::TakenBack { completion: Some(_), .. })),
        mail: mail.filter(|_| written).map(|mail| mail.id),
    })
}

/// What cures a case that can't be decided: evidence that is gone or was changed wants a person.
pub(crate) fn remedy(error: &CaseError) -> Remedy {
    match error {
        CaseError::Disk(_) => Remedy::RetryLater,
        CaseError::Unreadable | CaseError::OtherEvidence | CaseError::Report(_) | CaseError::File(_) => {
            Remedy::TellTheOperator
        }
    }
}
