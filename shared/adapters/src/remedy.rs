//! What cures a failure of the world.

/// What cures a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Nothing to do now: the same call succeeds later (throttling, a network, a service that is away).
    RetryLater,
    /// Somebody else has taken over: stop, and let them.
    Yield,
    /// Only a person can: a grant, a missing table, a broken item.
    TellTheOperator,
}
