//! Reading of roster files, sound, odd and hostile: against a second reader, against files that other projects met, against
//! files made to kill, and against files made at random.

use calamine::{Data, Reader};
use documents::workbook::{FileKind, ReadError, ReaderOptions, RosterFile, every_sheet};
use domain::roster::cell::{Cell, SheetRow};
use proptest::prelude::*;
use rust_xlsxwriter::{Format, Workbook};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::NamedTempFile;
use tests::killers;

/// A program whose `main` begins with `run_child_if_asked`.
const READER: &str = env!("CARGO_BIN_EXE_read_roster");

/// Files that other projects made: the few that are kept here, and the many that stand beside this project where it is
/// developed. Where they don't, there is a word about it.
fn sound_files_of_others() -> Vec<PathBuf> {
    let mut files = files_in("fixtures/workbooks");
    assert!(!files.is_empty());
    files.extend(corpus("excel/good"));
    files
}

fn corpus(folder: &str) -> Vec<PathBuf> {
    let files = files_in(&format!("../../shared/data/{folder}"));
    if files.is_empty() {
        eprintln!("SKIPPED: the collection of files {folder} isn't here, so reading it isn't tested");
    }
    files
}

fn files_in(folder: &str) -> Vec<PathBuf> {
    let entries = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).read_dir().into_iter().flatten();
    let mut files: Vec<_> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_file()).collect();
    files.sort();
    files
}

fn ends_with_any(path: &Path, endings: &[&str]) -> bool {
    path.extension().is_some_and(|ending| endings.iter().any(|wanted| ending == *wanted))
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn file_of(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn options() -> ReaderOptions {
    ReaderOptions { child: Some(READER.into()), ..ReaderOptions::default() }
}

fn read_all(path: &Path) -> Result<Vec<SheetRow>, ReadError> {
    let mut rows = RosterFile::open_with(path, &options())?.rows()?;
    let mut read = Vec::new();
    while let Some(row) = rows.next_row()? {
        read.push(row);
    }
    Ok(read)
}

/// The cells of a sheet by row and column, each as a text that both readers can be brought to.
type Cells = BTreeMap<(u32, usize), String>;

fn our_cells(rows: &[SheetRow]) -> Cells {
    let number =
        |stored: &str| stored.parse::<f64>().map_or_else(|_| format!("iso {stored}"), |number| number.to_string());
    let cell = |cell: &Cell| match cell {
        Cell::Empty | Cell::UncalculatedFormula => None,
        Cell::Text(text) => Some(text.clone()),
        Cell::Number { stored, .. } => Some(number(stored)),
        Cell::Date { stored, day } => {
            Some(format!("{} {}", number(stored), day.map(|day| day.to_string()).unwrap_or_default()))
        }
        Cell::Bool(value) => Some(value.to_string()),
        Cell::Error(text) => Some(text.clone()),
    };
    let cells =
        rows.iter().flat_map(|row| row.cells.iter().enumerate().map(|(column, cell)| ((row.number, column), cell)));
    cells.filter_map(|(place, held)| Some((place, cell(held)?))).collect()
}

fn their_cells(range: &calamine::Range<Data>) -> Cells {
    let (first_row, first_column) = range.start().unwrap_or_default();
    let cell = |data: &Data| match data {
        Data::Empty => None,
        // We take text that is only white space for an empty cell.
        Data::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Data::Int(number) => Some((*number as f64).to_string()),
        Data::Float(number) => Some(number.to_string()),
        Data::Bool(value) => Some(value.to_string()),
        Data::DateTime(when) => {
            let (year, month, day, ..) = when.to_ymd_hms_milli();
            let is_day = when.is_datetime() && when.as_f64() >= 1.0;
            let day = if is_day { format!("{year:04}-{month:02}-{day:02}") } else { String::new() };
            Some(format!("{} {day}", when.as_f64()))
        }
        Data::DateTimeIso(text) => {
            Some(format!("iso {text} {}", text.get(..10).filter(|day| day.contains('-')).unwrap_or_default()))
        }
        Data::DurationIso(text) => Some(text.clone()),
        Data::Error(error) => Some(error.to_string()),
    };
    let cells = range.used_cells().filter_map(|(row, column, data)| {
        Some(((first_row + row as u32 + 1, first_column as usize + column), cell(data)?))
    });
    cells.collect()
}

/// Where we read something else than the second reader, and why we are right.
const OTHERWISE: &[(&str, &str)] = &[
    ("test_files__LONumbers.xlsx Sheet1 (20, ", "HH[M] counts minutes: a number so shown is no day"),
    ("test_files__LONumbers.xlsx Sheet1 (21, ", "HH[MM] counts minutes: a number so shown is no day"),
];

#[test]
fn every_sound_workbook_is_read_as_a_second_reader_reads_it() {
    let mut compared = 0;
    let mut differences = Vec::new();
    for path in sound_files_of_others().iter().filter(|path| ends_with_any(path, &["xlsx"])) {
        let name = name_of(path);
        let (ours, theirs) = (every_sheet(path, &options()), calamine::open_workbook::<calamine::Xlsx<_>, _>(path));
        let (Ok(ours), Ok(mut theirs)) = (ours, theirs) else {
            if name != "excelize__encryptSHA512.xlsx" {
                differences.push(format!("{name}: only one of the readers can open it, or none"));
            }
            continue;
        };
        for (sheet, rows) in ours {
            compared += 1;
            let (ours, theirs) = (our_cells(&rows), their_cells(&theirs.worksheet_range(&sheet).unwrap()));
            let places: std::collections::BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
            for place in places.into_iter().filter(|place| ours.get(place) != theirs.get(place)) {
                differences.push(format!(
                    "{name} {sheet} {place:?}: {:?} and {:?}",
                    ours.get(place),
                    theirs.get(place)
                ));
            }
        }
    }
    differences.retain(|difference| !OTHERWISE.iter().any(|(place, _)| difference.starts_with(place)));
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(compared >= 5, "only {compared} sheets were compared");
}

#[test]
fn workbooks_of_old_kinds_come_through_the_child_as_they_are() {
    for path in sound_files_of_others().iter().filter(|path| ends_with_any(path, &["xlsb", "ods"])) {
        let (ours, theirs) = (every_sheet(path, &options()), calamine::open_workbook_auto(path));
        let (Ok(ours), Ok(mut theirs)) = (ours, theirs) else {
            assert_eq!(name_of(path), "calamine__pass_protected.xlsb");
            continue;
        };
        let visible = theirs.sheets_metadata().iter().filter(|sheet| sheet.visible == calamine::SheetVisible::Visible);
        let names: Vec<_> = visible.map(|sheet| sheet.name.clone()).collect();
        assert_eq!(ours.len(), names.len(), "{}", name_of(path));
        for ((_, rows), name) in ours.iter().zip(names) {
            assert_eq!(
                our_cells(rows),
                their_cells(&theirs.worksheet_range(&name).unwrap()),
                "{} {name}",
                name_of(path)
            );
        }
    }
}

#[test]
fn a_roster_in_open_document_is_read_with_its_dates_and_zeros() {
    let file = file_of(&killers::sound_open_document());
    let roster = RosterFile::open_with(file.path(), &options()).unwrap();
    assert_eq!(roster.kind(), FileKind::Ods);
    for _ in 0..2 {
        let mut rows = roster.rows().unwrap();
        assert_eq!(rows.next_row().unwrap().unwrap().number, 1);
        let row = rows.next_row().unwrap().unwrap();
        assert_eq!(row.number, 3);
        assert_eq!(row.cells[2], Cell::Text("0012".into()));
        let day = Some(jiff::civil::date(2025, 3, 1));
        assert_eq!(row.cells[5], Cell::Date { stored: "2025-03-01".into(), day });
        assert_eq!(row.cells[6], Cell::Number { stored: "1.5".into(), shown: None });
        assert_eq!(rows.next_row().unwrap(), None);
    }
}

#[test]
fn a_child_that_dies_costs_the_file_and_not_the_process() {
    let file = file_of(&killers::sound_open_document());
    let dies = ReaderOptions { child: Some("/bin/false".into()), ..ReaderOptions::default() };
    let refusal = RosterFile::open_with(file.path(), &dies).unwrap_err().to_string();
    assert!(refusal.contains("reading it didn't come to an end"), "{refusal}");
    let missing = ReaderOptions { child: Some("/no/such/program".into()), ..ReaderOptions::default() };
    assert!(matches!(RosterFile::open_with(file.path(), &missing), Err(ReadError::Io(_))));
}

/// The most that reading any file may take.
const MOST_KILOBYTES: u64 = 256 << 10;

/// Reads a file in a process of its own with ten seconds of the processor, and says how that ended.
fn ending(path: &Path) -> String {
    let bounded = ["-c", "ulimit -t 10; exec \"$0\" \"$1\"", READER];
    let output = Command::new("sh").args(bounded).arg(path).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let words: Vec<_> = said.split_whitespace().collect();
    let [code, _, kilobytes] = words.as_slice() else { return format!("it died: {:?}", output.status) };
    match kilobytes.parse::<u64>() {
        Ok(peak) if peak <= MOST_KILOBYTES => (*code).to_owned(),
        _ => format!("it took {kilobytes} KB"),
    }
}

/// The codes that a file may end with: those of `FileRefusal`, or `read`.
const CODES: [&str; 8] = [
    "read",
    "unsupported_format",
    "password_protected",
    "too_large",
    "too_many_rows",
    "damaged",
    "no_heading_row",
    "missing_column",
];

#[test]
fn every_file_that_others_met_is_read_or_refused_in_bounds() {
    let folders = ["excel/good", "excel/hostile", "rosters"];
    let files = folders.iter().flat_map(|folder| corpus(folder));
    let endings: Vec<_> = files.map(|path| (name_of(&path), ending(&path))).collect();
    let wrong: Vec<_> = endings.iter().filter(|(_, ending)| !CODES.contains(&ending.as_str())).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_killer_ends_with_its_reason_in_bounds() {
    let mut wrong = Vec::new();
    for killer in killers::killers() {
        let file = file_of(&killer.bytes());
        let ending = ending(file.path());
        if !killer.expected.contains(&ending.as_str()) {
            wrong.push(format!("{}: {ending} instead of {:?}", killer.name, killer.expected));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_false_count_of_sound_strings_harms_nobody() {
    let rows = read_all(file_of(&killers::false_count_of_sound_strings()).path()).unwrap();
    assert_eq!(rows[1].cells, [Cell::Text("Zoë".into())]);
}

#[test]
fn an_empty_file_and_a_picture_get_the_reason_in_words() {
    let text = |bytes: &[u8]| read_all(file_of(bytes).path()).unwrap_err().to_string();
    assert!(text(b"").starts_with("The file is empty."));
    assert!(text(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").starts_with("This file is neither a workbook"));
    assert!(text(b"%PDF-1.7").starts_with("This is a PDF."));
}

#[test]
fn every_kind_of_cell_is_read_for_what_it_is() {
    let styles = "<styleSheet><numFmts><numFmt numFmtId=\"170\" formatCode=\"000&quot;-&quot;000\"/></numFmts><cellStyleXfs>\
        <xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"170\"/></cellXfs></styleSheet>";
    let strings = "<sst><si><r><t>Zo</t></r><r><t xml:space=\"preserve\">ë &amp; </t></r><rPh><t>no</t></rPh></si><si><t> </t></si></sst>";
    let rows = "<row r=\"4\"><c r=\"A4\" t=\"s\"><v>0</v></c><c r=\"B4\" t=\"s\"><v>1</v></c><c r=\"C4\" s=\"2\"><v>1.2345E+4</v></c>\
        <c r=\"D4\" s=\"1\"><v>44196</v></c><c r=\"E4\" t=\"d\"><v>2025-03-01T00:00:00</v></c><c r=\"F4\" t=\"b\"><v>1</v></c>\
        <c r=\"G4\" t=\"e\"><v>#N/A</v></c><c r=\"H4\"><f>1+1</f></c><c r=\"I4\" t=\"str\"><f>A1</f><v>a_x000D_b</v></c>\
        <c r=\"J4\" t=\"inlineStr\"><is><t><![CDATA[<x>]]></t></is></c><c r=\"IW4\" s=\"1\"/></row>";
    let day = |year, month, day| Some(jiff::civil::date(year, month, day));
    let check = |properties: &str, of_serial| {
        let read = read_all(file_of(&killers::roster_of(properties, rows, strings, styles)).path()).unwrap();
        let cells = [
            Cell::Text("Zoë & ".into()),
            Cell::Empty,
            Cell::Number { stored: "12345".into(), shown: Some("012-345".into()) },
            Cell::Date { stored: "44196".into(), day: of_serial },
            Cell::Date { stored: "2025-03-01T00:00:00".into(), day: day(2025, 3, 1) },
            Cell::Bool(true),
            Cell::Error("#N/A".into()),
            Cell::UncalculatedFormula,
            Cell::Text("a\rb".into()),
            Cell::Text("<x>".into()),
        ];
        assert_eq!(read[1], SheetRow { number: 4, cells: cells.into() });
    };
    check("", day(2020, 12, 31));
    check("<workbookPr date1904=\"1\"/>", day(2025, 1, 1));
}

/// Rows are read where they are needed, be that another thread.
#[test]
fn rows_can_be_sent_to_another_thread() {
    let roster = RosterFile::open(file_of(&killers::sound_roster()).path()).unwrap();
    let mut rows = roster.rows().unwrap();
    let first = std::thread::spawn(move || rows.next_row().unwrap().unwrap().number);
    assert_eq!(first.join().unwrap(), 1);
}

const HEADINGS: [&str; 7] =
    ["First Name", "Last Name", "License Number", "Course Number", "CE Year", "Course Date", "CE Hours"];

fn refusal_of(csv: &str) -> String {
    read_all(file_of(csv.as_bytes()).path()).unwrap_err().to_string()
}

#[test]
fn headings_that_are_missing_or_doubled_are_named() {
    let missing =
        refusal_of("My class\n\nFirst Name,Last Name,License Number,CE Year,Course Date\nZoë,Å,1,2025,2025-01-01\n");
    assert!(missing.starts_with(
        "Row 3 was read as the heading row, but these headings are missing from it: Course Number, CE Hours."
    ));
    let doubled = refusal_of(&format!("{},Hours\n", HEADINGS.join(",")));
    assert!(doubled.starts_with("In row 1 several columns are headed CE Hours (G, H)"), "{doubled}");
    assert!(refusal_of("a,b,c\n1,2,3\n").starts_with("No row with the headings was found"));
}

#[test]
fn a_text_is_read_whatever_its_delimiter_and_encoding() {
    let check = |bytes: Vec<u8>| {
        let rows = read_all(file_of(&bytes).path()).unwrap();
        let number = rows[1].number;
        assert_eq!(
            (number, &rows[1].cells[0], &rows[1].cells[2]),
            (3, &Cell::Text("Zoë".into()), &Cell::Text("0012".into()))
        );
    };
    for delimiter in [",", ";", "\t", "|"] {
        let record = ["Zoë", "Å", "0012", "20-1", "2025", "\"March 1, 2025\"", "1.5"].join(delimiter);
        let text = format!("{}\r\n\r\n{record}\r\n", HEADINGS.join(delimiter));
        check(text.clone().into_bytes());
        check(format!("\u{FEFF}{text}").into_bytes());
        check(text.chars().map(|character| u8::try_from(u32::from(character)).unwrap()).collect());
        check(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
        check("\u{FEFF}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect());
    }
}

/// What a cell of a made workbook is to hold.
#[derive(Debug, Clone)]
enum Made {
    Nothing,
    Text(String),
    Number(f64),
    Padded(u32),
    Day(u32),
    Bool(bool),
}

fn made() -> impl Strategy<Value = Made> {
    prop_oneof![
        Just(Made::Nothing),
        "[ -~äöüéßñ中文עברית\u{1F600}\n\t_&<>\"']{1,20}".prop_map(Made::Text),
        any::<i32>().prop_map(|number| Made::Number(f64::from(number) / 100.0)),
        (1..99_999_u32).prop_map(Made::Padded),
        (61..60_000_u32).prop_map(Made::Day),
        any::<bool>().prop_map(Made::Bool),
    ]
}

fn write(rows: &[Vec<Made>], inline: bool) -> NamedTempFile {
    let mut book = Workbook::new();
    let sheet = if inline { book.add_worksheet_with_constant_memory().unwrap() } else { book.add_worksheet() };
    let (date, padded) = (Format::new().set_num_format("m/d/yyyy"), Format::new().set_num_format("00000000"));
    for (column, heading) in HEADINGS.iter().enumerate() {
        sheet.write_string(0, column as u16, *heading).unwrap();
    }
    for (row, cells) in rows.iter().enumerate() {
        for (column, made) in cells.iter().enumerate() {
            let (row, column) = (row as u32 + 1, column as u16);
            match made {
                Made::Nothing => continue,
                Made::Text(text) => sheet.write_string(row, column, text).unwrap(),
                Made::Number(number) => sheet.write_number(row, column, *number).unwrap(),
                Made::Padded(number) => sheet.write_number_with_format(row, column, *number, &padded).unwrap(),
                Made::Day(serial) => sheet.write_number_with_format(row, column, *serial, &date).unwrap(),
                Made::Bool(value) => sheet.write_boolean(row, column, *value).unwrap(),
            };
        }
    }
    let file = NamedTempFile::new().unwrap();
    book.save(file.path()).unwrap();
    file
}

fn expected(made: &Made) -> Cell {
    match made {
        Made::Text(text) if !text.trim().is_empty() => Cell::Text(text.clone()),
        Made::Nothing | Made::Text(_) => Cell::Empty,
        Made::Number(number) => Cell::Number { stored: (number + 0.0).to_string(), shown: None },
        Made::Padded(number) => Cell::Number { stored: number.to_string(), shown: Some(format!("{number:08}")) },
        Made::Day(serial) => {
            let epoch = jiff::civil::date(1899, 12, 30);
            let day = epoch.checked_add(jiff::Span::new().days(i64::from(*serial))).unwrap();
            Cell::Date { stored: serial.to_string(), day: Some(day) }
        }
        Made::Bool(value) => Cell::Bool(*value),
    }
}

fn cells_of(rows: &[Vec<Made>]) -> Vec<SheetRow> {
    let rows = rows.iter().enumerate().map(|(index, cells)| {
        let mut cells: Vec<Cell> = cells.iter().map(expected).collect();
        let held = cells.iter().rposition(|cell| *cell != Cell::Empty).map_or(0, |last| last + 1);
        cells.truncate(held);
        SheetRow { number: index as u32 + 2, cells }
    });
    rows.filter(|row| !row.is_blank()).collect()
}

#[test]
fn a_sheet_that_is_longer_than_what_is_held_of_it_is_read_whole() {
    let row = |number: u32| {
        let name = Made::Text(format!("Zoë & {number} {}", "x".repeat(number as usize % 700)));
        vec![name, Made::Padded(number), Made::Day(45_000 + number % 900), Made::Number(f64::from(number) / 4.0)]
    };
    let rows: Vec<_> = (1..5_000).map(row).collect();
    for inline in [false, true] {
        let read = read_all(write(&rows, inline).path()).unwrap();
        assert!(read[1..] == cells_of(&rows)[..], "inline: {inline}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_written_workbook_is_read_back_equal(rows in prop::collection::vec(prop::collection::vec(made(), 0..9), 0..12), inline: bool) {
        let read = read_all(write(&rows, inline).path()).unwrap();
        prop_assert_eq!(&read[1..], &cells_of(&rows)[..]);
    }

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..2_000), start in 0_usize..4) {
        let signature: &[u8] = [b"PK\x03\x04".as_slice(), b"First Name,", b"\xFF\xFE", b""][start];
        _ = read_all(file_of(&[signature, bytes.as_slice()].concat()).path());
    }

    #[test]
    fn a_damaged_workbook_never_panics(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8), cut: Option<prop::sample::Index>) {
        let mut bytes = killers::sound_roster();
        for (place, value) in changes {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        _ = read_all(file_of(&bytes).path());
    }
}
