//! Somebody's certificates as one ZIP file: each sheet as it was issued, byte by byte, under a name that sorts by its day, and a list of
//! them. The same certificates are the same bytes.

use crate::export::{Export, ExportError, ExportKind, Sheet};
use domain::certificate::{CertificateData, Paper};
use rawzip::{CompressionMethod, ZipArchiveWriter, time::UtcDateTime};
use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
};

/// The list's name in the file.
const LIST: &str = "certificates.csv";
/// As much of a title as stands in a file's name: with the day and the code well below the 255 bytes that file systems take, also where
/// each letter takes four.
const LONGEST_TITLE: usize = 40;
/// Letters of the code that stand in a file's name: two certificates of one day and title have different ones.
const CODE_LETTERS: usize = 8;
/// The columns of the list, with their widths in letters.
const COLUMNS: [(&str, u32); 8] = [
    ("Date", 12),
    ("Title", 50),
    ("Course Number", 16),
    ("Provider", 30),
    ("Name", 24),
    ("Credit", 40),
    ("Code", 28),
    ("Check At", 60),
];

/// The bundle couldn't be written.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// The disk.
    #[error("the certificates can't be written")]
    Disk(#[from] io::Error),
    /// The list.
    #[error(transparent)]
    List(#[from] ExportError),
    /// The ZIP file's writer.
    #[error("the ZIP file can't be written: {0}")]
    Zip(String),
}

impl From<rawzip::Error> for BundleError {
    fn from(error: rawzip::Error) -> Self {
        Self::Zip(error.to_string())
    }
}

/// A bundle in the making. What is added is written to the disk and not kept.
pub struct Bundle {
    archive: ZipArchiveWriter<BufWriter<File>>,
}

impl Bundle {
    /// Begins a bundle with the list of what is to be in it. Temporary files are made in `temp_dir`.
    pub fn begin(certificates: &[&CertificateData], temp_dir: &Path, out: File) -> Result<Self, BundleError> {
        let path = temp_dir.join(LIST);
        let sheet = Sheet { name: "Certificates", columns: &COLUMNS };
        let mut list = Export::begin_sheet(ExportKind::Csv, &sheet, temp_dir, File::create(&path)?)?;
        for data in certificates {
            list.write_cells(cells(data).iter().map(String::as_str))?;
        }
        list.finish()?;
        let mut bundle = Self { archive: ZipArchiveWriter::new(BufWriter::new(out)) };
        let newest = certificates.iter().map(|data| data.issued_at).max().unwrap_or(0);
        bundle.put(LIST, newest, &std::fs::read(&path)?)?;
        Ok(bundle)
    }

    /// Adds a certificate's sheet.
    pub fn add(&mut self, data: &CertificateData, paper: Paper, sheet: &[u8]) -> Result<(), BundleError> {
        self.put(&file_name(data, paper), data.issued_at, sheet)
    }

    /// Ends it.
    pub fn finish(self) -> Result<(), BundleError> {
        Ok(self.archive.finish()?.flush()?)
    }

    /// A PDF is packed already: it is put in as it is.
    fn put(&mut self, name: &str, issued_at: i64, bytes: &[u8]) -> Result<(), BundleError> {
        let (mut entry, config) = self
            .archive
            .new_file(name)
            .compression_method(CompressionMethod::STORE)
            .last_modified(UtcDateTime::from_unix(issued_at))
            .start()?;
        let mut writer = config.wrap(&mut entry);
        writer.write_all(bytes)?;
        let (_, written) = writer.finish()?;
        entry.finish(written)?;
        Ok(())
    }
}

/// `2026-07-01 Ethics of Telehealth (7k2m9qx4, letter).pdf`. A title is anybody's: of it only letters, digits and single blanks stay.
fn file_name(data: &CertificateData, paper: Paper) -> String {
    let day = data.activity.when.first_day();
    let plain: String =
        data.activity.title.chars().map(|sign| if sign.is_alphanumeric() { sign } else { ' ' }).collect();
    let title: String = plain.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST_TITLE).collect();
    let code: String = data.code.as_str().chars().take(CODE_LETTERS).collect();
    let title = title.trim();
    let gap = if title.is_empty() { "" } else { " " };
    format!("{day} {title}{gap}({code}, {}).pdf", paper.as_str())
}

fn cells(data: &CertificateData) -> [String; COLUMNS.len()] {
    let credits = data.credits.iter().map(|credit| format!("{} {} ({})", credit.hours, credit.kind, credit.body));
    [
        data.activity.when.first_day().to_string(),
        data.activity.title.clone(),
        data.activity.course.to_string(),
        data.provider.name.clone(),
        data.participant.printed_name(),
        credits.collect::<Vec<_>>().join("; "),
        data.code.to_string(),
        data.verify_at.clone(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::CertificateCode;
    use rawzip::ZipArchive;
    use std::{collections::BTreeMap, io::Read};

    fn sample(number: u128, title: &str) -> CertificateData {
        let mut data: CertificateData = serde_json::from_str(include_str!("../samples/certificate.json")).unwrap();
        data.code = CertificateCode::from_bits(number << 120);
        data.activity.title = title.to_owned();
        data
    }

    fn made(certificates: &[(CertificateData, &[u8])]) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("all.zip");
        let all: Vec<&CertificateData> = certificates.iter().map(|(data, _)| data).collect();
        let mut bundle = Bundle::begin(&all, folder.path(), File::create(&path).unwrap()).unwrap();
        for (data, sheet) in certificates {
            bundle.add(data, Paper::Letter, sheet).unwrap();
        }
        bundle.finish().unwrap();
        std::fs::read(path).unwrap()
    }

    /// The files in it, by their names, as another program unpacks them.
    fn unpacked(zip: &[u8]) -> BTreeMap<String, Vec<u8>> {
        let archive = ZipArchive::from_slice(zip).unwrap();
        let mut found = BTreeMap::new();
        for entry in archive.entries() {
            let entry = entry.unwrap();
            let name = String::from_utf8(entry.file_path().as_ref().to_vec()).unwrap();
            assert_eq!(entry.compression_method(), CompressionMethod::STORE);
            let file = archive.get_entry(entry.wayfinder()).unwrap();
            let mut bytes = Vec::new();
            file.verifying_reader(file.data()).read_to_end(&mut bytes).unwrap();
            assert!(found.insert(name, bytes).is_none(), "two of one name");
        }
        found
    }

    #[test]
    fn every_sheet_is_in_it_as_it_is_under_a_safe_name_of_its_own() {
        let hostile = "../../etc/passwd\u{202e}fdp.exe: \"Ethik\" für Ärzte\r\n";
        let certificates = [
            (sample(1, hostile), b"one".as_slice()),
            (sample(2, hostile), b"two"),
            (sample(3, &"職業倫理".repeat(60)), b"three"),
            (sample(4, "…"), b""),
        ];
        let zip = made(&certificates);
        assert_eq!(zip, made(&certificates), "the same certificates are the same bytes");
        let found = unpacked(&zip);
        assert_eq!(found.len(), 5);
        let names: Vec<&String> = found.keys().filter(|name| *name != LIST).collect();
        for name in &names {
            assert!(name.starts_with("2026-07-01 ") && name.ends_with(", letter).pdf") && name.len() < 255, "{name}");
            assert!(!name.contains(['/', '\\', ':', '"', '\u{202e}', '\r']) && !name.contains(".."), "{name}");
        }
        assert!(names.iter().any(|name| name.contains("etc passwd fdp exe Ethik für Ärzte")), "{names:?}");
        let sheets: Vec<&[u8]> = found.iter().filter(|(name, _)| *name != LIST).map(|(_, it)| it.as_slice()).collect();
        for (_, sheet) in &certificates {
            assert!(sheets.contains(sheet));
        }
        let list = String::from_utf8(found[LIST].clone()).unwrap();
        assert_eq!(list.lines().count(), 5 + 2, "a heading, and line breaks in two titles: {list}");
        assert!(list.contains("1.25 clock hour (NBCC); 1.50 CPE credit (NASBA)"), "{list}");
    }
}
