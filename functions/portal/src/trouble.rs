//! Failures of the world, turned into what a visitor is told. The log gets the failure itself.

use adapters::{
    objects::{ObjectsError, ResultsError, TicketError, TranscriptError},
    remedy::Remedy,
    table::TableError,
};
use documents::{bundle::BundleError, export::ExportError};
use pages::problem::Problem;

pub(crate) fn table(error: TableError) -> Problem {
    Problem::of_failure("asking the table", &error, error.remedy())
}

pub(crate) fn objects(error: ObjectsError) -> Problem {
    Problem::of_failure("asking the bucket", &error, error.remedy())
}

pub(crate) fn transcript(error: TranscriptError) -> Problem {
    Problem::of_failure("keeping a transcript", &error, error.remedy())
}

pub(crate) fn bundle(error: BundleError) -> Problem {
    Problem::of_failure("putting certificates together", &error, Remedy::RetryLater)
}

pub(crate) fn results(error: ResultsError) -> Problem {
    let remedy = match &error {
        ResultsError::Objects(cause) => cause.remedy(),
        ResultsError::Unreadable(_) | ResultsError::Index => Remedy::TellTheOperator,
    };
    Problem::of_failure("reading an import's results", &error, remedy)
}

pub(crate) fn ticket(error: TicketError) -> Problem {
    Problem::of_failure("signing an upload", &error, Remedy::TellTheOperator)
}

pub(crate) fn operator(what: &'static str, error: &(dyn std::error::Error + 'static)) -> Problem {
    Problem::of_failure(what, error, Remedy::TellTheOperator)
}

pub(crate) fn export(error: ExportError) -> Problem {
    Problem::of_failure("writing an export", &error, Remedy::RetryLater)
}
