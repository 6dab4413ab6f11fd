//! Seats that are free go to those who wait, in their order, each with the mail that says so.

use crate::{
    DueError,
    run::{Run, Step},
};
use domain::{
    event::Event,
    mail::{Content, Mail},
    registration::{Participation, Seats},
};

/// Gives free seats away until there are none or nobody waits; how many it gave.
pub(crate) async fn fill(event: &Event, seats: &Seats, run: &Run<'_>) -> Result<(Step, usize), DueError> {
    if seats.waiting == 0 || !seats.has_free() || !event.is_published() {
        return Ok((Step::Done, 0));
    }
    let facts = run.facts(event).await?;
    let (mut mails, mut promoted) = (Vec::new(), 0);
    let step = loop {
        if !run.has_time() {
            break Step::OutOfTime;
        }
        let now = run.now();
        let mail = |person: &Participation| {
            Mail::about_registration(person, Content::SeatFree { event: Box::new(facts.clone()) }, now)
        };
        match run.table().promote_first(event, mail, now).await? {
            Some(person) => {
                promoted += 1;
                mails.extend(Mail::about_registration(&person, Content::Nothing, now).map(|mail| mail.id));
            }
            None => break Step::Done,
        }
    };
    if promoted > 0 {
        tracing::info!(event = %event.id, promoted, "due.promoted");
    }
    run.post(mails).await;
    Ok((step, promoted))
}
