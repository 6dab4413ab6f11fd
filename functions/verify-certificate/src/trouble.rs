//! Failures of the world, turned into what a visitor is told. The log gets the failure itself.

use adapters::{
    objects::{ObjectsError, TranscriptError},
    table::TableError,
};
use pages::problem::Problem;

pub(crate) fn table(error: TableError) -> Problem {
    Problem::of_failure("asking the table", &error, error.remedy())
}

pub(crate) fn transcript(error: TranscriptError) -> Problem {
    Problem::of_failure("fetching a transcript", &error, error.remedy())
}

pub(crate) fn objects(error: ObjectsError) -> Problem {
    Problem::of_failure("asking the bucket of certificates", &error, error.remedy())
}
