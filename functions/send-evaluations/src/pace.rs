//! How fast mails may go out: the account's rate, shared by the workers, so that SESv2 need not turn mails away.

use adapters::{clock, mail::MailSender};
use std::time::Duration;
use tokio::{sync::Mutex, time::Instant};

/// As many workers as the template lets the queue start at once.
const WORKERS: f64 = 2.0;
/// What a new account may send in a second: assumed while the account can't be asked.
const LEAST_RATE: f64 = 1.0;
/// AWS raises a rate within days; asking each quarter of an hour is one call in hundreds of mails.
const ASKED_AGAIN_SECONDS: i64 = 15 * 60;
/// An account that may send less than one mail in ten seconds would hold up the process until its end.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The pace of one worker.
#[derive(Default)]
pub struct Pace(Mutex<State>);

#[derive(Default)]
struct State {
    asked_at: Option<i64>,
    between: Duration,
    next: Option<Instant>,
}

impl Pace {
    /// Waits until this worker may send its next mail.
    pub(crate) async fn wait_turn(&self, sender: &MailSender) {
        let mut state = self.0.lock().await;
        let now = clock::now();
        if state.asked_at.is_none_or(|asked| now - asked >= ASKED_AGAIN_SECONDS) {
            state.between = between(fetch_rate(sender).await);
            state.asked_at = Some(now);
        }
        if let Some(next) = state.next {
            tokio::time::sleep_until(next).await;
        }
        state.next = Some(Instant::now() + state.between);
    }
}

async fn fetch_rate(sender: &MailSender) -> f64 {
    match sender.fetch_send_rate().await {
        Ok(rate) => rate,
        Err(error) => {
            tracing::warn!(%error, "mail.rate_unknown: one mail a second is sent");
            LEAST_RATE
        }
    }
}

/// The time between two mails of one worker.
fn between(rate: f64) -> Duration {
    Duration::try_from_secs_f64(WORKERS / rate).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workers_together_send_as_fast_as_the_account_may() {
        assert_eq!(between(1.0), Duration::from_secs(2));
        assert_eq!(between(200.0), Duration::from_millis(10));
        for odd in [0.0, -1.0, 0.001, f64::NAN] {
            assert_eq!(between(odd), LONGEST_WAIT);
        }
    }
}
