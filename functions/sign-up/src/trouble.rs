//! Failures of the world, turned into what a visitor is told. The log gets the failure itself.

use crate::password::HashError;
use adapters::{random::NoRandomness, remedy::Remedy, table::TableError};
use pages::problem::Problem;

pub(crate) fn table(error: TableError) -> Problem {
    Problem::of_failure("asking the table", &error, error.remedy())
}

pub(crate) fn chance(error: NoRandomness) -> Problem {
    Problem::of_failure("asking for a random number", &error, Remedy::RetryLater)
}

pub(crate) fn hash(error: HashError) -> Problem {
    Problem::of_failure("hashing a password", &error, Remedy::TellTheOperator)
}
