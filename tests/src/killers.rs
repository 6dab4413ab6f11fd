//! Files that mean harm, made when they are asked for: each would fill the memory of a trusting reader, keep it busy for ever,
//! or make it say what isn't there. None of them may be read as a roster.

mod wide;
mod zip;

pub use wide::wide_roster_of_one_long_text;

use std::fmt::Write as _;
use zip::{Packed, Zip, deflated, stored};

/// A hostile file.
#[derive(Clone, Copy)]
pub struct Killer {
    /// A file name that says what it does.
    pub name: &'static str,
    /// The codes of the refusals that it may end with.
    pub expected: &'static [&'static str],
    make: fn() -> Vec<u8>,
}

impl Killer {
    /// Makes the file.
    pub fn bytes(&self) -> Vec<u8> {
        (self.make)()
    }
}

const DAMAGED: &[&str] = &["damaged"];
const TOO_LARGE: &[&str] = &["too_large"];

/// Every hostile file.
pub fn killers() -> Vec<Killer> {
    let killer = |name, expected, make| Killer { name, expected, make };
    vec![
        killer("false_shared_string_count.xlsx", DAMAGED, false_shared_string_count),
        killer("far_cell.xlsx", TOO_LARGE, far_cell),
        killer("shared_string_bomb.xlsx", TOO_LARGE, shared_string_bomb),
        killer("forty_million_empty_strings.xlsx", TOO_LARGE, forty_million_empty_strings),
        killer("hundred_million_cells.xlsx", TOO_LARGE, hundred_million_cells),
        killer("impossible_reference.xlsx", DAMAGED, impossible_reference),
        killer("nested_entries.xlsx", DAMAGED, nested_entries),
        killer("overlapping_entries.xlsx", DAMAGED, overlapping_entries),
        killer("three_hundred_megabytes_in_little.xlsx", TOO_LARGE, three_hundred_megabytes),
        killer("truncated.xlsx", DAMAGED, truncated),
        killer("flipped_bit.xlsx", DAMAGED, flipped_bit),
        killer("doctype.xlsx", DAMAGED, doctype),
        killer("two_thousand_entries.xlsx", TOO_LARGE, two_thousand_entries),
        killer("doubled_entry.xlsx", DAMAGED, doubled_entry),
        killer("encrypted_entry.xlsx", &["password_protected"], encrypted_entry),
        killer("lying_size.xlsx", DAMAGED, lying_size),
        killer("giant_attribute.xlsx", DAMAGED, giant_attribute),
        killer("giant_text.xlsx", TOO_LARGE, giant_text),
        killer("deep_nesting.xlsx", DAMAGED, deep_nesting),
        killer("rows_backwards.xlsx", DAMAGED, rows_backwards),
        killer("repeated_cells.ods", &["damaged", "too_large", "too_many_rows"], repeated_cells),
        killer("unclosed_quote.csv", DAMAGED, unclosed_quote),
        killer("thirty_million_commas.csv", TOO_LARGE, thirty_million_commas),
        killer("too_many_rows.csv", &["too_many_rows"], too_many_rows),
        killer("sixty_five_megabytes.csv", TOO_LARGE, sixty_five_megabytes),
    ]
}

const HEADINGS: [&str; 7] =
    ["First Name", "Last Name", "License Number", "Course Number", "CE Year", "Course Date", "CE Hours"];

/// A sheet part with the headings in row 1, and after them what `rows` writes.
fn sheet(rows: impl FnOnce(&mut zip::Packer)) -> Packed {
    deflated(|out| {
        out.write(b"<worksheet><sheetData><row r=\"1\">");
        for heading in HEADINGS {
            out.write(format!("<c t=\"inlineStr\"><is><t>{heading}</t></is></c>").as_bytes());
        }
        out.write(b"</row>");
        rows(out);
        out.write(b"</sheetData></worksheet>");
    })
}

fn text(text: &str) -> Packed {
    deflated(|out| out.write(text.as_bytes()))
}

/// The parts that a workbook needs beside its sheet. `properties` stands in the workbook part before the list of sheets.
fn parts_of_a_book(properties: &str) -> Vec<(&'static str, Packed)> {
    const MAIN: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
    const KIND: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relationships = |list: &[(&str, &str)]| {
        let one = |(number, (kind, target)): (usize, &(&str, &str))| {
            format!("<Relationship Id=\"r{number}\" Type=\"{KIND}/{kind}\" Target=\"{target}\"/>")
        };
        text(&format!("<Relationships>{}</Relationships>", list.iter().enumerate().map(one).collect::<String>()))
    };
    let types = format!("<Types><Override PartName=\"/xl/workbook.xml\" ContentType=\"{MAIN}\"/></Types>");
    let sheets = "<sheets><sheet name=\"Roster\" sheetId=\"1\" r:id=\"r0\"/></sheets>";
    let parts_of_main =
        [("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")];
    vec![
        ("[Content_Types].xml", text(&types)),
        ("_rels/.rels", relationships(&[("officeDocument", "xl/workbook.xml")])),
        ("xl/workbook.xml", text(&format!("<workbook>{properties}{sheets}</workbook>"))),
        ("xl/_rels/workbook.xml.rels", relationships(&parts_of_main)),
    ]
}

/// A roster with these rows under its headings, these shared strings and these styles, written as it stands here.
pub fn roster_of(properties: &str, rows: &str, strings: &str, styles: &str) -> Vec<u8> {
    let sheet = sheet(|out| out.write(rows.as_bytes()));
    let parts = [(SHEET, sheet), (STRINGS, text(strings)), ("xl/styles.xml", text(styles))];
    let mut zip = Zip::default();
    for (name, part) in parts_of_a_book(properties).into_iter().chain(parts) {
        zip.add(name, &part);
    }
    zip.finish()
}

const SHEET: &str = "xl/worksheets/sheet1.xml";
const STRINGS: &str = "xl/sharedStrings.xml";

fn zip_with(parts: impl IntoIterator<Item = (&'static str, Packed)>) -> Zip {
    let mut zip = Zip::default();
    for (name, part) in parts_of_a_book("").into_iter().chain(parts) {
        zip.add(name, &part);
    }
    zip
}

fn book(parts: impl IntoIterator<Item = (&'static str, Packed)>) -> Vec<u8> {
    zip_with(parts).finish()
}

/// A small and sound roster, for tests that damage it.
pub fn sound_roster() -> Vec<u8> {
    book([(SHEET, sheet(sound_rows))])
}

fn sound_rows(out: &mut zip::Packer) {
    for row in 2..50 {
        out.write(format!("<row r=\"{row}\">{}</row>", sound_cells()).as_bytes());
    }
}

fn sound_cells() -> String {
    let mut cells = String::new();
    for value in ["Zoë", "Ångström", "00012345", "20-1", "2025", "2025-03-01", "1.5"] {
        _ = write!(cells, "<c t=\"inlineStr\"><is><t>{value}</t></is></c>");
    }
    cells
}

fn false_shared_string_count() -> Vec<u8> {
    let strings = "<sst count=\"4294967295\" uniqueCount=\"4294967295\"><si><t>Zoë</t></si></sst>";
    let rows = sheet(|out| out.write(b"<row r=\"2\"><c r=\"A2\" t=\"s\"><v>4294967294</v></c></row>"));
    book([(STRINGS, text(strings)), (SHEET, rows)])
}

/// A sound roster whose shared strings claim to be four thousand million.
pub fn false_count_of_sound_strings() -> Vec<u8> {
    let strings = "<sst count=\"4294967295\" uniqueCount=\"4294967295\"><si><t>Zoë</t></si></sst>";
    let rows = sheet(|out| out.write(b"<row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c></row>"));
    book([(STRINGS, text(strings)), (SHEET, rows)])
}

fn far_cell() -> Vec<u8> {
    book([(SHEET, sheet(|out| out.write(b"<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>")))])
}

fn shared_string_bomb() -> Vec<u8> {
    let strings = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(32_767));
    let rows = sheet(|out| {
        for row in 2..100_000 {
            let cells: String =
                ('A'..='G').map(|column| format!("<c r=\"{column}{row}\" t=\"s\"><v>0</v></c>")).collect();
            out.write(format!("<row r=\"{row}\">{cells}</row>").as_bytes());
        }
    });
    book([(STRINGS, text(&strings)), (SHEET, rows)])
}

fn forty_million_empty_strings() -> Vec<u8> {
    let strings = deflated(|out| {
        out.write(b"<sst>");
        out.repeat(b"<si/>", 40_000_000);
        out.write(b"</sst>");
    });
    book([(STRINGS, strings), (SHEET, sheet(sound_rows))])
}

fn hundred_million_cells() -> Vec<u8> {
    let row = format!("<row>{}</row>", "<c/>".repeat(200));
    book([(SHEET, sheet(|out| out.repeat(row.as_bytes(), 500_000)))])
}

fn impossible_reference() -> Vec<u8> {
    book([(SHEET, sheet(|out| out.write(b"<row><c r=\"ZZZZ99999999\"><v>1</v></c></row>")))])
}

/// An entry whose bytes are a whole other entry, which the directory names too.
fn nested_entries() -> Vec<u8> {
    let mut inner = Zip::default();
    inner.add(SHEET, &sheet(sound_rows));
    let mut zip = zip_with([("outer.bin", stored(inner.bytes()))]);
    zip.name_nested(SHEET, &inner);
    zip.finish()
}

/// A thousand names for the same bytes: each unpacks to a megabyte, and all of them to a gigabyte.
fn overlapping_entries() -> Vec<u8> {
    let kernel = deflated(|out| out.repeat(b" ", 1 << 20));
    let mut zip = zip_with([(SHEET, sheet(sound_rows)), ("kernel", kernel)]);
    for copy in 0..900 {
        zip.name_again(&format!("copy{copy}"));
    }
    zip.finish()
}

fn three_hundred_megabytes() -> Vec<u8> {
    book([(SHEET, sheet(|out| out.repeat(b" ", 300_000_000)))])
}

fn truncated() -> Vec<u8> {
    let mut bytes = sound_roster();
    bytes.truncate(bytes.len() / 2);
    bytes
}

fn flipped_bit() -> Vec<u8> {
    let zip = zip_with([(SHEET, sheet(sound_rows))]);
    let middle_of_sheet = zip.last_data().start + zip.last_data().len() / 2;
    let mut bytes = zip.finish();
    bytes[middle_of_sheet] ^= 0x10;
    bytes
}

fn doctype() -> Vec<u8> {
    let sheet = "<!DOCTYPE worksheet [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>\
                 <worksheet><sheetData><row><c t=\"inlineStr\"><is><t>&b;</t></is></c></row></sheetData></worksheet>";
    book([(SHEET, text(sheet))])
}

fn two_thousand_entries() -> Vec<u8> {
    let mut zip = zip_with([(SHEET, sheet(sound_rows))]);
    for number in 0..2_000 {
        zip.add(&format!("xl/media/{number}.bin"), &stored(b""));
    }
    zip.finish()
}

fn doubled_entry() -> Vec<u8> {
    book([(SHEET, sheet(sound_rows)), ("XL/worksheets/SHEET1.xml", sheet(|_| ()))])
}

fn encrypted_entry() -> Vec<u8> {
    let mut part = sheet(sound_rows);
    part.flags |= 1;
    book([(SHEET, part)])
}

fn lying_size() -> Vec<u8> {
    let mut part = sheet(sound_rows);
    part.size = 10;
    book([(SHEET, part)])
}

/// Digits that deflate can't shrink much, so that no ratio gives them away.
fn noise(count: usize) -> Vec<u8> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        b'a' + u8::try_from(state % 26).unwrap_or(0)
    };
    (0..count).map(|_| next()).collect()
}

fn giant_attribute() -> Vec<u8> {
    let part = sheet(|out| {
        out.write(b"<row r=\"2\"><c s=\"");
        out.write(&noise(20_000_000));
        out.write(b"\"/></row>");
    });
    book([(SHEET, part)])
}

fn giant_text() -> Vec<u8> {
    let part = sheet(|out| {
        out.write(b"<row r=\"2\"><c t=\"inlineStr\"><is><t>");
        out.write(&noise(20_000_000));
        out.write(b"</t></is></c></row>");
    });
    book([(SHEET, part)])
}

fn deep_nesting() -> Vec<u8> {
    let part = sheet(|out| {
        for depth in 0..1_000_000 {
            out.write(format!("<e{depth}>").as_bytes());
        }
    });
    book([(SHEET, part)])
}

fn rows_backwards() -> Vec<u8> {
    let rows = b"<row r=\"9\"><c><v>1</v></c></row><row r=\"3\"><c><v>1</v></c></row>";
    book([(SHEET, sheet(|out| out.write(rows)))])
}

/// A cell with content that stands in a thousand million places.
fn repeated_cells() -> Vec<u8> {
    open_document(
        "<table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell office:value-type=\"string\" \
         table:number-columns-repeated=\"1000\"><text:p>x</text:p></table:table-cell></table:table-row>",
    )
}

/// A small and sound roster as an OpenDocument spreadsheet: headings, a blank row, a record.
pub fn sound_open_document() -> Vec<u8> {
    let text_cell = |text: &str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
    };
    let headings: String = HEADINGS.iter().map(|heading| text_cell(heading)).collect();
    let texts: String = ["Zoë", "Å", "0012", "20-1", "2025"].iter().map(|text| text_cell(text)).collect();
    open_document(&format!(
        "<table:table-row>{headings}</table:table-row><table:table-row><table:table-cell/></table:table-row>\
         <table:table-row>{texts}\
         <table:table-cell office:value-type=\"date\" office:date-value=\"2025-03-01\"><text:p>3/1/25</text:p></table:table-cell>\
         <table:table-cell office:value-type=\"float\" office:value=\"1.5\"><text:p>1.50</text:p></table:table-cell>\
         </table:table-row>"
    ))
}

fn open_document(rows: &str) -> Vec<u8> {
    let names: String = ["office", "table", "text"]
        .iter()
        .map(|name| format!(" xmlns:{name}=\"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0\""))
        .collect();
    let content = format!(
        "<office:document-content{names}><office:body><office:spreadsheet><table:table table:name=\"Roster\">{rows}\
         </table:table></office:spreadsheet></office:body></office:document-content>"
    );
    let manifest = "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>";
    let mut zip = Zip::default();
    zip.add("mimetype", &stored(b"application/vnd.oasis.opendocument.spreadsheet"));
    zip.add("META-INF/manifest.xml", &text(manifest));
    zip.add("content.xml", &text(&content));
    zip.finish()
}

fn headings_as_text() -> Vec<u8> {
    format!("{}\n", HEADINGS.join(",")).into_bytes()
}

fn unclosed_quote() -> Vec<u8> {
    let mut bytes = headings_as_text();
    bytes.push(b'"');
    bytes.extend(b"Zoe,Smith,123,20-1,2025,2025-03-01,1\n".repeat(1_600_000));
    bytes
}

fn thirty_million_commas() -> Vec<u8> {
    let mut bytes = headings_as_text();
    bytes.extend(vec![b','; 30_000_000]);
    bytes
}

fn too_many_rows() -> Vec<u8> {
    let mut bytes = headings_as_text();
    bytes.extend(b"a,b,c,d,e,f,g\n".repeat(1_048_576));
    bytes
}

fn sixty_five_megabytes() -> Vec<u8> {
    let mut bytes = headings_as_text();
    bytes.resize(65_000_000, b'\n');
    bytes
}
