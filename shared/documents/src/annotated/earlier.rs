//! Tells the Status column of a workbook that was given back before from a provider's own column of that name (Active, Lapsed).
//! It never takes a column that holds anything but our statuses: what it takes is overwritten.

use super::{CHECK_ONLY, STATUS_HEADING};
use domain::roster::cell::{Cell, SheetRow};

/// Looks for a Status column of ours while a sheet is read.
///
/// Show it every row from the heading row on (earlier ones don't matter), then ask for the [place](Self::place).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EarlierStatus {
    /// Columns headed Status that held nothing of the provider's so far, from the left.
    places: Vec<usize>,
}

impl EarlierStatus {
    /// Looks at a row. `heading_row` is the number of the row with the headings.
    pub fn look(&mut self, row: &SheetRow, heading_row: u32) {
        if row.number == heading_row {
            let headed = row.cells.iter().enumerate().filter(|(_, cell)| is_heading(cell));
            self.places = headed.map(|(place, _)| place).collect();
        } else if row.number > heading_row {
            self.places.retain(|place| row.cells.get(*place).is_none_or(may_be_ours));
        }
    }

    /// The place of the last column headed Status under which nothing but statuses of ours, or nothing, stands.
    pub fn place(&self) -> Option<usize> {
        self.places.last().copied()
    }
}

fn is_heading(cell: &Cell) -> bool {
    matches!(cell, Cell::Text(text) if text.trim().eq_ignore_ascii_case(STATUS_HEADING))
}

/// Whether a cell is empty or says what a status of ours says. `Processed` alone or before its notes: a provider's own
/// `Processed 3 May` isn't ours.
fn may_be_ours(cell: &Cell) -> bool {
    match cell {
        Cell::Empty => true,
        Cell::Text(text) => {
            let text = text.trim();
            text == "Processed" || ["Processed:", "Failed:", CHECK_ONLY].iter().any(|words| text.starts_with(words))
        }
        Cell::Number { .. } | Cell::Date { .. } | Cell::Bool(_) | Cell::Error(_) | Cell::UncalculatedFormula => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(rows: &[&[&str]]) -> Option<usize> {
        let mut earlier = EarlierStatus::default();
        for (number, texts) in (1..).zip(rows) {
            let cell = |text: &&str| if text.is_empty() { Cell::Empty } else { Cell::Text((*text).to_owned()) };
            earlier.look(&SheetRow { number, cells: texts.iter().map(cell).collect() }, 2);
        }
        earlier.place()
    }

    #[test]
    fn only_a_column_of_our_own_statuses_is_found() {
        let check = format!("{CHECK_ONLY}Processed");
        let title: &[&str] = &["Roster", "Active"];
        assert_eq!(found(&[title, &["Name", "Status"], &["a", "Processed"], &["b"], &["c", "Failed: no."]]), Some(1));
        assert_eq!(found(&[title, &["Name", " STATUS "], &["a", &check], &["b", "Processed: Unchanged."]]), Some(1));
        assert_eq!(found(&[title, &["Name", "Status"], &["a"]]), Some(1));
        assert_eq!(found(&[title, &["Name", "Status"], &["a", "Processed"], &["b", "Lapsed"]]), None);
        assert_eq!(found(&[title, &["Name", "Status"], &["a", "Processed 3 May"]]), None);
        assert_eq!(found(&[title, &["Name", "State"], &["a", "Processed"]]), None);
        assert_eq!(found(&[&["Status"], &["Name"], &["a"]]), None);
    }

    #[test]
    fn ours_is_told_from_the_providers_own_beside_it() {
        assert_eq!(found(&[&[], &["Status", "Status"], &["Active", "Processed"]]), Some(1));
        assert_eq!(found(&[&[], &["Status", "Status"], &["Processed", "Active"]]), Some(0));
        assert_eq!(found(&[&[], &["Status", "Status"], &["Processed", "Processed"]]), Some(1));
    }
}
