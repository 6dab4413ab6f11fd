//! The three counts of an import, with what goes on beside them: in words, as a bar, and as a picture.

use crate::reasons;
use domain::import::{Import, Mode, State, Subject};
use pages::words::{counted, grouped};

/// The counts as the page shows them.
pub(super) struct Tally {
    pub(super) processed: String,
    pub(super) failed: String,
    /// Always processed and failed together: the rows judged so far, and all rows in the end.
    pub(super) total: String,
    pub(super) going_on: Option<GoingOn>,
    pub(super) share: Option<Share>,
    pub(super) unchanged: Option<String>,
}

/// Work that goes on.
pub(super) struct GoingOn {
    pub(super) words: String,
    /// Rows judged and rows in the file, once they are known.
    pub(super) progress: Option<(u32, u32)>,
}

/// The proportion of processed and failed rows, in hundredths of the picture's width.
pub(super) struct Share {
    pub(super) processed: String,
    pub(super) failed: String,
    /// Where the hatching of the failed part begins and ends.
    pub(super) stripes: Vec<u32>,
    pub(super) words: String,
}

impl Tally {
    pub(super) fn of(import: &Import) -> Self {
        let counts = &import.counts;
        Self {
            processed: grouped(counts.processed),
            failed: grouped(counts.failed),
            total: grouped(counts.judged()),
            going_on: going_on(import),
            share: share(counts.processed, counts.failed),
            unchanged: (counts.unchanged > 0).then(|| {
                let already = match import.subject {
                    Subject::Roster => "already recorded",
                    Subject::Providers | Subject::Courses | Subject::Licensees => "already on the register",
                    Subject::People => "of people who are registered, waiting or on the list already, or aren't coming",
                };
                format!(
                    "{} {already}, unchanged.",
                    counted(counts.unchanged, "processed row was", "processed rows were")
                )
            }),
        }
    }
}

fn going_on(import: &Import) -> Option<GoingOn> {
    let words = match import.state {
        State::Done | State::Failed => return None,
        State::AwaitingFile => "The file has been sent and is about to be read.".to_owned(),
        State::Received => "The file is being read. Nothing is recorded before it has been read to its end.".to_owned(),
        State::Judging => match import.rows_in_file {
            Some(rows) => format!("{} of {} judged.", grouped(import.counts.judged()), counted(rows, "row", "rows")),
            None => format!("{} judged so far.", counted(import.counts.judged(), "row", "rows")),
        },
        State::Finishing => "All rows are judged. The results are being put together.".to_owned(),
    };
    let progress = match import.state {
        State::Judging | State::Finishing => import.rows_in_file.map(|rows| (import.counts.judged().min(rows), rows)),
        State::AwaitingFile | State::Received | State::Done | State::Failed => None,
    };
    Some(GoingOn { words, progress })
}

fn share(processed: u32, failed: u32) -> Option<Share> {
    let total = u64::from(processed) + u64::from(failed);
    if total == 0 {
        return None;
    }
    // In hundredths of a percent, so that one failed row of thousands isn't drawn as none.
    let ten_thousandths = u64::from(processed) * 10_000 / total;
    let percent = |value: u64| format!("{}.{:02}", value / 100, value % 100);
    let first_stripe = u32::try_from(ten_thousandths.div_ceil(100)).unwrap_or(100);
    let stripes = if failed == 0 { Vec::new() } else { (first_stripe..100).step_by(2).collect() };
    Some(Share {
        processed: percent(ten_thousandths),
        failed: percent(10_000 - ten_thousandths),
        stripes,
        words: format!("Of {total} rows, {processed} processed and {failed} failed."),
    })
}

/// One sentence on how it ended.
pub(super) fn ending(import: &Import) -> String {
    let (processed, failed) = (import.counts.processed, import.counts.failed);
    match (import.mode, processed, failed) {
        (_, 0, 0) => {
            "The file has the headings but no rows under them. Fill in the rows and upload the file again.".to_owned()
        }
        (Mode::Import, _, 0) if import.rosters_left_out > 0 => "Every row of this sheet is recorded.".to_owned(),
        (Mode::Import, _, 0) => "Every row is recorded. There is nothing left to do.".to_owned(),
        (Mode::Import, 0, _) => {
            "No row could be recorded. Correct what the Status column names, save the file and upload it again."
                .to_owned()
        }
        (Mode::Import, _, _) => format!(
            "{} couldn't be recorded. Correct what the Status column names and upload the file again; rows already processed won't be doubled.",
            counted(failed, "row", "rows")
        ),
        (Mode::Check, _, 0) => "This check has recorded nothing. Every row is sound and can be imported.".to_owned(),
        (Mode::Check, 0, _) => {
            "This check has recorded nothing, and no row is sound: correct what the Status column names and check the file again."
                .to_owned()
        }
        (Mode::Check, _, _) => format!(
            "This check has recorded nothing. {} would fail: correct what the Status column names and check the file again, or import the sound rows now.",
            counted(failed, "row", "rows")
        ),
    }
}

/// The sentence on sheets that weren't read; empty if there are none.
pub(super) fn left_out(import: &Import) -> String {
    match import.rosters_left_out {
        0 => String::new(),
        several => format!(
            " Only the first sheet with the headings was read, and {} too: upload what stands there in a file of its own.",
            if several == 1 {
                "another sheet has them".to_owned()
            } else {
                format!("{several} other sheets have them")
            }
        ),
    }
}

/// The reasons that rows failed for, the most frequent first: code, label and number.
pub(super) fn by_reason(import: &Import) -> Vec<(String, String, u32)> {
    let mut found: Vec<_> =
        import.counts.reasons.iter().map(|(code, rows)| (code.clone(), reasons::label(code), *rows)).collect();
    found.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.1.cmp(&b.1)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failed_row_of_thousands_is_still_drawn() {
        let drawn = share(9_999, 1).unwrap();
        assert_eq!((drawn.processed.as_str(), drawn.failed.as_str()), ("99.99", "0.01"));
        assert_eq!(drawn.words, "Of 10000 rows, 9999 processed and 1 failed.");
        assert!(share(0, 0).is_none());
        assert_eq!(share(0, 3).unwrap().failed, "100.00");
        assert!(share(5, 0).unwrap().stripes.is_empty());
    }
}
