//! How often and how long a call is tried: with pauses that chance makes uneven, and never past the deadline that whoever
//! waits has. What Zoom wants to be asked again tomorrow is told, not slept on.

use super::error::ZoomError;
use crate::{clock, random};
use std::time::{Duration, Instant};

/// How long a call may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// One attempt.
    pub attempt: Duration,
    /// All attempts of a call with the pauses between them.
    pub overall: Duration,
    /// The first pause's upper bound; each next is twice as long.
    pub pause: Duration,
}

impl Default for Patience {
    /// For a page: an HTTP API hangs up after 30 s, the portal gives up after 25 s, and it has more to do than this.
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { attempt: seconds(8), overall: seconds(18), pause: Duration::from_millis(400) }
    }
}

/// With pauses of 0.4, 0.8, 1.6 and 3.2 s at most a hiccup has passed, and a failure hasn't.
const MOST_ATTEMPTS: u32 = 5;

/// Which failures a call may be repeated after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    /// All that pass: done twice is done once.
    Always,
    /// Only what Zoom certainly didn't carry out: it counts each try, and takes few in a day.
    OnlyUndone,
}

/// One call's attempts.
pub(super) struct Trial {
    patience: Patience,
    ends: Instant,
    attempts: u32,
}

impl Trial {
    pub(super) fn begin(patience: Patience) -> Self {
        Self { patience, ends: Instant::now() + patience.overall, attempts: 0 }
    }

    /// How long the next attempt may take.
    pub(super) fn attempt(&self) -> Duration {
        self.patience.attempt.min(self.left())
    }

    pub(super) fn left(&self) -> Duration {
        self.ends.saturating_duration_since(Instant::now())
    }

    /// Waits until it may be tried again; gives the error back if it isn't worth it or there is no time.
    pub(super) async fn pause(&mut self, error: ZoomError, again: Again) -> Result<(), ZoomError> {
        self.attempts += 1;
        let Some(pause) = self.length_after(&error, again) else {
            return Err(error);
        };
        if self.attempts >= MOST_ATTEMPTS || pause >= self.left() {
            return Err(error);
        }
        tokio::time::sleep(pause).await;
        Ok(())
    }

    fn length_after(&self, error: &ZoomError, again: Again) -> Option<Duration> {
        let bound = self.patience.pause.saturating_mul(1 << (self.attempts - 1).min(16));
        match error {
            // All who were refused come again at the same moment otherwise.
            ZoomError::RateLimited { until } => {
                let told = u64::try_from(until.saturating_sub(clock::now())).unwrap_or_default();
                Some(Duration::from_secs(told) + uneven(self.patience.pause))
            }
            ZoomError::Unreachable { sent: false } => Some(uneven(bound)),
            ZoomError::Unreachable { sent: true } | ZoomError::Failing { .. } if again == Again::Always => {
                Some(uneven(bound))
            }
            _ => None,
        }
    }
}

/// Any length up to the bound.
fn uneven(bound: Duration) -> Duration {
    let most = u64::try_from(bound.as_millis()).unwrap_or(u64::MAX);
    // Without chance the whole pause: only its evenness is lost.
    Duration::from_millis(random::up_to(most).unwrap_or(most))
}
