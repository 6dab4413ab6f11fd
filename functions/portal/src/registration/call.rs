//! "Did you call in by telephone?": four digits against the calls of one event that nobody has proven theirs. What comes of it is a
//! word that the worker takes in; the digits of calls are never shown, nor how many there are.

use super::{
    attended::fetch_standing,
    fetch_own,
    missing::{Done, address},
};
use crate::{Portal, Shared, attendance::compute_now, trouble};
use adapters::{clock, table::Attempt};
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    attendance::{
        Adjustment, MOST_ADJUSTMENTS, Record, Said, Settled, Voice,
        claim::{CLAIM_TRIES, ClaimRefusal, Claimed, LastDigits, judge_claim, may_claim},
    },
    event::Event,
    id::AccountId,
    registration::Participation,
};
use pages::{answer, form::Form, problem::Problem, visitor::AskingAccount};
use serde::Deserialize;

/// Somebody else may say something of the event at the same moment, some hundred times in its first hours at most.
const TRIES: usize = 4;

const NO_DIGITS: &str = "These aren't four digits. Go back and enter the last four digits of the number that you called from. Nothing was counted.";
const TOO_OFTEN: &str = "You have tried five times, which is the most for one event. Send an appeal instead, and say from which number you called: staff look for the call.";
const TOO_MUCH: &str =
    "So much was said of this event that nothing more is taken. Write to the event's contact. Nothing was changed.";

/// What a page shows of telephones.
pub(crate) enum CallBox {
    /// Nothing.
    Nothing,
    /// The form.
    Form,
    /// Why there is no form.
    Told(&'static str),
}

impl CallBox {
    pub(super) fn of(event: &Event, person: &Participation, standing: (&Record, &Settled), now: i64) -> Self {
        let (record, settled) = standing;
        match may_claim(event, person, settled, record.is_final(settled), now) {
            Ok(()) => CallBox::Form,
            Err(ClaimRefusal::NotPossible | ClaimRefusal::InFull | ClaimRefusal::TooLate) => CallBox::Nothing,
            Err(refusal @ (ClaimRefusal::TooEarly | ClaimRefusal::FoundBefore)) => CallBox::Told(refusal.text()),
        }
    }
}

/// The form's field.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Digits {
    digits: String,
}

/// `POST /wallet/missing/{event}/call`
pub(crate) async fn claim(
    State(portal): State<Shared>,
    AskingAccount(asking): AskingAccount,
    Path(id): Path<String>,
    Form(typed): Form<Digits>,
) -> Result<Response, Problem> {
    let account = &asking.account.id;
    let (event, person) = fetch_own(&portal, &id, account).await?;
    let digits = LastDigits::parse(&typed.digits).ok_or(Problem::NotNow(NO_DIGITS))?;
    let (record, settled) = fetch_standing(&portal, &event).await?;
    let now = clock::now();
    // Pressed twice: it was done by the first, and nothing is said or counted anew.
    if settled.claims.get(account.as_str()).is_some_and(|known| known == digits.as_str()) {
        return match judge_again(&portal, &event, account, &digits).await? {
            Claimed::Found => answer::see_other(&address(&event.id, Some(Done::Call))),
            Claimed::Unclear => answer::see_other(&address(&event.id, Some(Done::CallUnclear))),
            // The report or staff's words have changed since: what was entered stands, and whose the call is does too.
            Claimed::NoSuchCall => Err(Problem::NotNow(ClaimRefusal::FoundBefore.text())),
        };
    }
    may_claim(&event, &person, &settled, record.is_final(&settled), now)
        .map_err(|refusal| Problem::NotNow(refusal.text()))?;
    let subject = format!("{}#{account}", event.id);
    let attempt = portal.clients.table.count_attempt(&CLAIM_TRIES, &subject, now).await.map_err(trouble::table)?;
    if let Attempt::NotBefore(_) = attempt {
        return Err(Problem::NotNow(TOO_OFTEN));
    }
    let done = match look(&portal, &event, account, &digits, now).await? {
        Claimed::Found => Done::Call,
        Claimed::Unclear => Done::CallUnclear,
        Claimed::NoSuchCall => Done::NoCall,
    };
    answer::see_other(&address(&event.id, Some(done)))
}

/// What comes of digits that were taken down before, by everything that is known now but this claim itself.
async fn judge_again(
    portal: &Portal,
    event: &Event,
    account: &AccountId,
    digits: &LastDigits,
) -> Result<Claimed, Problem> {
    let mut inputs = portal.clients.table.fetch_attendance_inputs(event).await.map_err(trouble::table)?;
    inputs.adjustments.retain(|word| !matches!(&word.said, Said::Claim { account: whose, .. } if whose == account));
    inputs.settled = Settled::of(&inputs.adjustments);
    let early = Problem::NotNow(ClaimRefusal::TooEarly.text());
    let computed = compute_now(portal, event, &inputs).await?.ok_or(early)?;
    Ok(judge_claim(&computed.decision, &inputs.settled, account, digits))
}

/// Looks for the call, and says the word if there is one.
async fn look(
    portal: &Portal,
    event: &Event,
    account: &AccountId,
    digits: &LastDigits,
    now: i64,
) -> Result<Claimed, Problem> {
    let table = &portal.clients.table;
    for _ in 0..TRIES {
        let inputs = table.fetch_attendance_inputs(event).await.map_err(trouble::table)?;
        let early = Problem::NotNow(ClaimRefusal::TooEarly.text());
        let computed = compute_now(portal, event, &inputs).await?.ok_or(early)?;
        let claimed = judge_claim(&computed.decision, &inputs.settled, account, digits);
        if claimed == Claimed::NoSuchCall {
            return Ok(claimed);
        }
        if inputs.record.said >= MOST_ADJUSTMENTS as u64 {
            return Err(Problem::NotNow(TOO_MUCH));
        }
        let said = Said::Claim { account: account.clone(), last4: digits.as_str().to_owned() };
        let number = inputs.record.said + 1;
        let word =
            Adjustment { number, at: now, by: account.clone(), voice: Voice::Licensee, why: String::new(), said };
        if table.say_of_attendance(&event.id, &inputs.record, &[word], now).await.map_err(trouble::table)? {
            portal.nudge_event(&event.id).await;
            return Ok(claimed);
        }
    }
    Err(Problem::TryAgain)
}
