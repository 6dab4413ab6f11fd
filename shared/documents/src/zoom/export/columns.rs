//! The headings of Zoom's exports, and what they head. Zoom has renamed, reordered and translated them over the years.

use std::borrow::Cow;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Name,
    Email,
    Join,
    Leave,
    Minutes,
    Attended,
    WaitingRoom,
    Phone,
    Registrant,
}

const COLUMNS: usize = Column::Registrant as usize + 1;

/// Headings by their letters and digits, in lower case.
fn heading_of(folded: &str) -> Option<Column> {
    Some(match folded {
        "nameoriginalname"
        | "usernameoriginalname"
        | "username"
        | "name"
        | "participant"
        | "displayname"
        | "nombre"
        | "nombrenombreoriginal"
        | "nom"
        | "nomnomdorigine"
        | "nomoriginal"
        | "nameursprünglichername"
        | "nome"
        | "nomenomeoriginal" => Column::Name,
        "useremail" | "email" | "emailaddress" | "mail" | "correoelectrónico" | "correo" | "courriel"
        | "adresseemail" | "emaildelusuario" | "emaildeutilizador" | "benutzeremail" | "endereçodeemail" => {
            Column::Email
        }
        "jointime" | "joined" | "horadeentrada" | "horadeingreso" | "heuredarrivée" | "beitrittszeit"
        | "beitrittsuhrzeit" => Column::Join,
        "leavetime" | "left" | "horadesalida" | "horadesaída" | "heurededépart" | "austrittszeit"
        | "verlassenszeit" => Column::Leave,
        "durationminutes"
        | "duration"
        | "totaldurationminutes"
        | "totaldurectionminutes"
        | "timeinsessionminutes"
        | "timeinsession"
        | "duraciónminutos"
        | "duréeminutes"
        | "dauerminuten"
        | "duraçãominutos" => Column::Minutes,
        "attended" => Column::Attended,
        "inwaitingroom" | "waitingroom" => Column::WaitingRoom,
        "phone" | "phonenumber" => Column::Phone,
        "registrantid" => Column::Registrant,
        _ => return None,
    })
}

/// A heading's letters and digits.
fn fold(cell: &str) -> String {
    cell.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Where the columns of a section stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns([Option<usize>; COLUMNS]);

impl Columns {
    /// The columns of a heading row; `None` for a row that is none.
    ///
    /// Some exports repeat the meeting before each participant, so that a heading comes twice: `User Email` of the host and of
    /// the participant. The participant's stand from the name on.
    pub(super) fn of(cells: &[Cow<'_, str>]) -> Option<Self> {
        let named: Vec<Option<Column>> = cells.iter().map(|cell| heading_of(&fold(cell))).collect();
        let is_original = |cell: &&Cow<'_, str>| fold(cell).ends_with("originalname");
        let own = cells.iter().position(|cell| is_original(&cell));
        let name = own.or_else(|| named.iter().position(|column| *column == Some(Column::Name)))?;
        let mut places = [None; COLUMNS];
        places[Column::Name as usize] = Some(name);
        for (place, column) in named.iter().enumerate().skip(name + 1).chain(named.iter().enumerate().take(name)) {
            let Some(column) = column else { continue };
            places[*column as usize].get_or_insert(place);
        }
        let columns = Self(places);
        (columns.has(Column::Join) || columns.has(Column::Minutes)).then_some(columns)
    }

    fn has(&self, column: Column) -> bool {
        self.0[column as usize].is_some()
    }

    /// What stands in a column of a row.
    pub(super) fn get<'c>(&self, cells: &'c [Cow<'_, str>], column: Column) -> &'c str {
        self.0[column as usize].and_then(|place| cells.get(place)).map_or("", |cell| cell.trim())
    }
}

/// Whose rows follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Attendees,
    Staff,
}

impl Section {
    /// The section that a row alone in its line names.
    pub(super) fn of(cells: &[Cow<'_, str>]) -> Option<Self> {
        let mut told = cells.iter().filter(|cell| !cell.is_empty());
        let (only, None) = (told.next()?, told.next()) else { return None };
        match fold(only).as_str() {
            "hostdetails" | "panelistdetails" | "panellistdetails" | "hosts" | "panelists" => Some(Section::Staff),
            "attendeedetails"
            | "attendees"
            | "otherattended"
            | "otherattendeddetails"
            | "participants"
            | "attendeereport" => Some(Section::Attendees),
            _ => None,
        }
    }
}

/// What a file says of the meeting, as it stands there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Summary {
    pub(super) number: String,
    pub(super) start: String,
    pub(super) end: String,
    pub(super) seconds: Option<u64>,
}

/// The heading row of the meeting: its values stand in the row below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SummaryColumns {
    number: usize,
    start: usize,
    end: Option<usize>,
    minutes: Option<usize>,
}

impl SummaryColumns {
    pub(super) fn of(cells: &[Cow<'_, str>]) -> Option<Self> {
        let folded: Vec<String> = cells.iter().map(|cell| fold(cell)).collect();
        let at = |names: &[&str]| folded.iter().position(|cell| names.contains(&cell.as_str()));
        Some(Self {
            number: at(&["meetingid", "webinarid"])?,
            start: at(&["actualstarttime", "starttime"])?,
            end: at(&["actualendtime", "endtime"]),
            minutes: at(&["actualdurationminutes", "durationminutes"]),
        })
    }

    pub(super) fn read(&self, cells: &[Cow<'_, str>]) -> Summary {
        let get = |place: Option<usize>| place.and_then(|at| cells.get(at)).map_or("", |cell| cell.trim()).to_owned();
        Summary {
            number: get(Some(self.number)),
            start: get(Some(self.start)),
            end: get(self.end),
            seconds: seconds_of_minutes(&get(self.minutes)),
        }
    }
}

/// Whether a cell says yes.
pub(super) fn is_yes(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), "yes" | "true" | "sí" | "si" | "oui" | "ja" | "sim" | "1")
}

/// Minutes, with a decimal point or comma, as seconds; `None` if nothing is told.
pub(super) fn seconds_of_minutes(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let minutes: u64 = whole.parse().ok()?;
    let hundredths: u64 = match part.len() {
        0 => 0,
        1 => part.parse::<u64>().ok()? * 10,
        _ => part.get(..2)?.parse().ok()?,
    };
    minutes.checked_mul(60)?.checked_add(hundredths * 60 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_read_with_point_or_comma_and_nothing_is_unknown() {
        assert_eq!(seconds_of_minutes("30"), Some(1_800));
        assert_eq!(seconds_of_minutes("12,5"), Some(750));
        assert_eq!(seconds_of_minutes("12.25"), Some(735));
        for nothing in ["", "x", "-1", "1.x"] {
            assert_eq!(seconds_of_minutes(nothing), None, "{nothing}");
        }
    }
}
