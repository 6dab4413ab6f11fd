//! `ce certificate` by its contract: files, exit codes, JSON and sentences.

use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

const CE: &str = env!("CARGO_BIN_EXE_ce");
const CODE: &str = "7k2m9qx4vb1nr8dz0hw3tj6pcs";

fn ce(arguments: &[&str]) -> Output {
    Command::new(CE).arg("certificate").args(arguments).output().unwrap()
}

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/documents/samples/certificate.json")
}

struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        let key = documents::credential::SigningKey::from_seed("2026-1", &[7; 32]).unwrap();
        desk.write("key.json", format!("{{\"id\": \"2026-1\", \"seed\": \"{}\"}}", "07".repeat(32)).as_bytes());
        let keys = documents::credential::Keys { keys: vec![key.public(0)] };
        desk.write("keys.json", &serde_json::to_vec(&keys).unwrap());
        desk
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn write(&self, name: &str, bytes: &[u8]) -> String {
        fs::write(self.folder.path().join(name), bytes).unwrap();
        self.path(name)
    }

    fn render(&self, data: &str, more: &[&str]) -> Output {
        let out = self.path("out");
        let mut arguments = vec!["render", data, "--out", &out];
        arguments.extend(more);
        ce(&arguments)
    }

    fn verify(&self, file: &str) -> (i32, Value) {
        let output = ce(&["verify", &self.path(file), "--keys", &self.path("keys.json"), "--json"]);
        (output.status.code().unwrap(), serde_json::from_slice(&output.stdout).unwrap())
    }
}

#[test]
fn a_certificate_is_made_signed_and_found_valid() {
    let desk = Desk::new();
    let made = desk.render(sample().to_str().unwrap(), &["--paper", "both", "--key", &desk.path("key.json")]);
    assert_eq!(made.status.code(), Some(0), "{}", String::from_utf8_lossy(&made.stderr));
    for file in [format!("out/{CODE}-letter.pdf"), format!("out/{CODE}-a4.pdf"), format!("out/{CODE}.json")] {
        let (exit, found) = desk.verify(&file);
        assert_eq!((exit, &found["valid"], &found["key"]), (0, &true.into(), &"2026-1".into()), "{found}");
        assert_eq!(found["name"], "Mary Sue Hamish Watson");
        assert_eq!(found["credits"][1]["hours"], "1.50");
        assert_eq!(found["checked"], "record", "the sheet isn't");
    }
    let output = ce(&["verify", &desk.path(&format!("out/{CODE}-a4.pdf")), "--keys", &desk.path("keys.json")]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("Mary Sue Hamish Watson")
            && text.contains("not the page that people see")
            && text.contains("revoked or replaced since is told only at"),
        "{text}"
    );
}

#[test]
fn a_changed_record_is_not_valid_and_a_file_without_one_is_unreadable() {
    let desk = Desk::new();
    desk.render(sample().to_str().unwrap(), &["--key", &desk.path("key.json")]);
    let record = fs::read_to_string(desk.path(&format!("out/{CODE}.json"))).unwrap();
    desk.write("changed.json", record.replace("1.50", "9.50").as_bytes());
    let (exit, found) = desk.verify("changed.json");
    assert_eq!(
        (exit, &found["valid"], &found["error"]["code"]),
        (1, &false.into(), &"bad_signature".into()),
        "{found}"
    );

    desk.render(sample().to_str().unwrap(), &[]);
    let (exit, found) = desk.verify(&format!("out/{CODE}-letter.pdf"));
    assert_eq!((exit, &found["error"]["code"]), (2, &"no_credential".into()), "{found}");
    let (exit, found) = desk.verify("nowhere.pdf");
    assert_eq!((exit, &found["error"]["code"]), (2, &"cannot_read".into()), "{found}");
}

#[test]
fn each_line_is_a_certificate_and_a_bad_one_is_told_and_stops_no_other() {
    let desk = Desk::new();
    let one: Value = serde_json::from_slice(&fs::read(sample()).unwrap()).unwrap();
    let mut lines = Vec::new();
    for number in 0..5 {
        let mut data = one.clone();
        data["code"] = format!("{:026}", number).into();
        if number == 1 {
            data["participant"]["name"]["last"] = "☃".into();
        }
        lines.push(data.to_string());
        if number == 2 {
            lines.push(String::new());
            lines.push("{}".to_owned());
        }
    }
    let data = desk.write("data.ndjson", lines.join("\n").as_bytes());
    let made = desk.render(&data, &[]);
    let said = String::from_utf8_lossy(&made.stderr);
    assert_eq!(made.status.code(), Some(1), "{said}");
    assert!(said.contains("Line 2: The name has characters that no font of ours has: U+2603."), "{said}");
    assert!(said.contains("Line 5: it isn't what a certificate says: missing field `code`"), "{said}");
    assert!(said.contains("6 of 6 certificates") && said.contains("2 couldn't be made"), "{said}");
    assert_eq!(fs::read_dir(desk.path("out")).unwrap().count(), 4);
}

#[test]
fn what_cant_be_read_at_all_ends_with_2() {
    let desk = Desk::new();
    assert_eq!(desk.render(&desk.path("nowhere.json"), &[]).status.code(), Some(2));
    let bad = desk.write("bad.json", b"[]");
    assert_eq!(desk.render(&bad, &[]).status.code(), Some(2));
    let sample = sample();
    let logo = desk.render(sample.to_str().unwrap(), &["--logo", &bad]);
    assert_eq!(logo.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&logo.stderr).contains("neither a PNG nor a JPEG"));
}
