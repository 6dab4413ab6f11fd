//! Requirement sets, version by version: a version is written once and never changed.
//!
//! ```text
//! REQUIREMENTS                          / {board}#{profession}   its name and how many versions there are: the office's list
//! REQUIREMENTS#{board}#{profession}     / V#{number}             a version
//! ```

use super::{Table, TableError, Transacted, item::*, organisation::By, part::Part, transact::key};
use domain::requirement::{RequirementSet, Requirements, Version};
use jiff::civil::Date;

/// Sets of one organisation: a board and a profession each, of which no state has so many.
const MOST_SETS: i32 = 500;
/// Versions of one set: boards change their minds every few years.
const MOST_VERSIONS: i32 = 200;

/// A set in the office's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetLine {
    /// The board's short name.
    pub board: String,
    /// The profession's short name.
    pub profession: String,
    /// What its newest version is called.
    pub name: String,
    /// Who reviewed that; empty if nobody has.
    pub reviewed_by: String,
    /// How many versions there are.
    pub versions: u32,
    /// The day on which the newest was saved.
    pub saved_on: Date,
}

const LIST: &str = "REQUIREMENTS";

fn place(board: &str, profession: &str) -> String {
    format!("{board}#{profession}")
}

fn partition(board: &str, profession: &str) -> String {
    format!("{LIST}#{board}#{profession}")
}

impl Table {
    /// All sets, by board and profession. One query.
    pub async fn fetch_requirement_sets(&self) -> Result<Vec<SetLine>, TableError> {
        let (lines, _) = self.fetch_page(Part::of(LIST), None, MOST_SETS, line).await?;
        Ok(lines)
    }

    /// All versions of a board's set for a profession, the oldest first; none if it has no set. One query.
    pub async fn fetch_requirements(&self, board: &str, profession: &str) -> Result<Requirements, TableError> {
        let partition = partition(board, profession);
        let (versions, _) = self.fetch_page(Part::of(&partition), None, MOST_VERSIONS, version).await?;
        Ok(Requirements { versions })
    }

    /// Saves the next version of a set over the one that was seen, 0 for none; `false` if there is another since.
    pub async fn save_requirements(&self, version: &Version, by: By<'_>) -> Result<bool, TableError> {
        let Version { number, set, saved_on, corrects_past } = version;
        let mut line = key(LIST, place(&set.board, &set.profession));
        line.extend(item([
            ("board", s(&set.board)),
            ("profession", s(&set.profession)),
            ("name", s(&set.name)),
            ("reviewed_by", s(&set.reviewed_by)),
            ("saved_on", s(saved_on.to_string())),
        ]));
        let mut made = key(partition(&set.board, &set.profession), format!("V#{number:06}"));
        made.extend(item([
            ("number", n(number)),
            ("set", s(serde_json::to_string(set).map_err(|_| TableError::BadItem("set"))?)),
            ("saved_on", s(saved_on.to_string())),
            ("corrects_past", aws_sdk_dynamodb::types::AttributeValue::Bool(*corrects_past)),
            ("by", s(by.account.as_str())),
            ("at", n(by.at)),
        ]));
        let writes = vec![self.put_version(line, u64::from(number.saturating_sub(1)))?, self.put_new(made)?];
        Ok(self.transact(writes).await? == Transacted::Done)
    }
}

fn line(item: &Item) -> Result<SetLine, TableError> {
    Ok(SetLine {
        board: text(item, "board")?.to_owned(),
        profession: text(item, "profession")?.to_owned(),
        name: text(item, "name")?.to_owned(),
        reviewed_by: text(item, "reviewed_by")?.to_owned(),
        versions: number(item, "version")?,
        saved_on: date(item, "saved_on")?,
    })
}

fn version(item: &Item) -> Result<Version, TableError> {
    let set: RequirementSet = serde_json::from_str(text(item, "set")?).map_err(|_| TableError::BadItem("set"))?;
    Ok(Version {
        number: number(item, "number")?,
        set,
        saved_on: date(item, "saved_on")?,
        corrects_past: item.get("corrects_past").and_then(|it| it.as_bool().ok()).copied().unwrap_or_default(),
    })
}
