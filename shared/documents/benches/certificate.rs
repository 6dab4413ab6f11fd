//! What a certificate costs: instructions for the first one of a process (which reads fonts and compiles their rules) and for each
//! one after it (of the same event, each with another name, code and moment, in a process that has made others), its bytes with
//! fonts, code and signed record, and the memory of a thousand different ones in one process. Counted by callgrind, since a count
//! doesn't depend on the machine's mood. `cargo bench -p documents --bench certificate`.

use documents::{
    certificate::{Fonts, Images, render},
    credential::{SigningKey, sign},
};
use domain::{
    certificate::{CertificateData, Paper},
    id::CertificateCode,
};
use std::{
    env, fs,
    hint::black_box,
    path::Path,
    process::{Command, ExitCode, Stdio},
};

/// The instructions that one may cost: some milliseconds of a small Lambda's processor.
const MOST_INSTRUCTIONS: u64 = 12_000_000;
/// The same for the first of a process, which reads the fonts and compiles their rules.
const MOST_OF_THE_FIRST: u64 = 17_000_000;
/// Its signature beside it: the record in canonical form, hashed and signed.
const MOST_OF_A_SIGNATURE: u64 = 1_500_000;
/// What one may weigh: 100,000 of them are 4 GB.
const MOST_BYTES: usize = 40 * 1024;
/// The memory of a thousand different ones, in kilobytes: half of the smallest Lambda's.
const MOST_RESIDENT: u64 = 64 * 1024;
/// How many are made to tell what each after the first one costs.
const MORE: u64 = 20;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [what @ ("make" | "sign"), count] => {
            let resident = make(count.parse().unwrap_or(0), *what == "make");
            println!("{resident}");
            // What is counted ends here: none gives memory back.
            std::process::exit(0)
        }
        // `cargo test --benches` only wants to know that this builds.
        all if all.contains(&"--bench") => measure(),
        _ => ExitCode::SUCCESS,
    }
}

/// Names of many scripts, so that a thousand certificates use every font but the largest at least once; the first is plain.
const NAMES: [(&str, &str); 8] = [
    ("Mary Sue Hamish", "Watson"),
    ("Nguyễn Anh", "Văn"),
    ("كمال مجدي", "العامر"),
    ("Дмитрий", "Васильев"),
    ("ललित मोहन", "शर्मा"),
    ("雅婷", "張"),
    ("Κατερίνα", "Καρατζής"),
    ("יונתן חיים", "כהן"),
];

/// The plain ones: no two of the first 35 are alike, since 5 and 7 have no factor in common. None is longer than the sample's.
const FIRST: [&str; 5] = ["Mary Sue Hamish", "Josephine Clara", "Björn Axel", "Wilhelmina", "Kenji David"];
const LAST: [&str; 7] = ["Watson", "Okonkwo", "Fitzgerald", "García-López", "Quayle", "Zimmermann", "Vuković"];

fn data(number: u64, plain: bool) -> CertificateData {
    let mut data: CertificateData =
        serde_json::from_str(include_str!("../samples/certificate.json")).expect("the sample is a certificate");
    let number_of = usize::try_from(number).unwrap_or(0);
    let (first, last) =
        if plain { (FIRST[number_of % 5], LAST[number_of % 7]) } else { NAMES[number_of % NAMES.len()] };
    data.participant.name.first = format!("{first} {}", ["Ana", "Bea", "Cid"][number_of % 3]);
    data.participant.name.last = last.to_owned();
    data.code = CertificateCode::from_bits(u128::from(number) << 90 | 0x1234_5678_9abc_def0);
    data.verify_at = format!("https://ce.example.org/verify/{}", data.code);
    data.issued_at += i64::try_from(number).unwrap_or(0);
    data
}

/// Makes so many, or only their signed records, and tells the most memory that the process had, in kilobytes.
fn make(count: u64, with_sheets: bool) -> u64 {
    let key = SigningKey::from_seed("bench", &[7; 32]).expect("it is a key");
    // A handful is plain: what is measured is the ordinary one. A thousand are of all sorts.
    let plain = count <= MORE + 1;
    for number in 0..count {
        let data = data(number, plain);
        let record = black_box(sign(&data, &key));
        if !with_sheets {
            continue;
        }
        // Named anew for each, as the worker does: what makes the next one cheaper has to be the process's.
        let fonts = Fonts::with_folder(Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts"));
        let made = render(&data, &Images::default(), Paper::Letter, Some(&record), &fonts).expect("it can be made");
        assert!(made.pdf.len() <= MOST_BYTES || !plain, "{} bytes", made.pdf.len());
        black_box(made);
    }
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse().ok()).unwrap_or(0)
}

fn measure() -> ExitCode {
    if Command::new("valgrind").arg("--version").stdout(Stdio::null()).status().is_err() {
        eprintln!("valgrind isn't installed: on Debian, apt-get install valgrind");
        return ExitCode::from(2);
    }
    let key = SigningKey::from_seed("bench", &[7; 32]).expect("it is a key");
    let sample = data(0, true);
    let made = render(&sample, &Images::default(), Paper::Letter, Some(&sign(&sample, &key)), &Fonts::built_in());
    let bytes = made.expect("it can be made").pdf.len() as u64;
    let (none, first, more) = (count("make", 0), count("make", 1), count("make", MORE + 1));
    // What isn't the drawing: the record's signature, and reading the sample.
    let (signed, all_signed) = (count("sign", 1), count("sign", MORE + 1));
    let signature = (all_signed - signed) / MORE;
    let each = (more - first) / MORE - signature;
    let output = Command::new(env::current_exe().expect("this program has a place")).args(["make", "1000"]).output();
    let said = String::from_utf8(output.expect("it runs").stdout).expect("a number");
    let resident: u64 = said.trim().parse().expect("a thousand can be made");
    let rows = [
        ("instructions, the first", first - none - signature, MOST_OF_THE_FIRST),
        ("instructions, each after it", each, MOST_INSTRUCTIONS),
        ("and its signature", signature, MOST_OF_A_SIGNATURE),
        ("bytes", bytes, MOST_BYTES as u64),
        ("kB resident for 1,000", resident, MOST_RESIDENT),
    ];
    println!("{:<30} {:>14} {:>14}", "", "counted", "at most");
    for (what, counted, most) in rows {
        println!("{what:<30} {counted:>14} {most:>14}  {}", if counted <= most { "pass" } else { "FAIL" });
    }
    let all_pass = rows.iter().all(|(_, counted, most)| counted <= most);
    if all_pass { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The instructions of this program that makes or signs so many.
fn count(what: &str, certificates: u64) -> u64 {
    let output = Command::new("valgrind")
        // The processor's own loops for large blocks would count as an instruction a byte.
        .env(
            "GLIBC_TUNABLES",
            "glibc.cpu.x86_rep_stosb_threshold=1000000000:glibc.cpu.x86_rep_movsb_threshold=1000000000",
        )
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe().expect("this program has a place"))
        .args([what, &certificates.to_string()])
        .output()
        .expect("valgrind starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the work failed:\n{said}");
    let counted = said.lines().find_map(|line| line.split("Collected :").nth(1)).and_then(|n| n.trim().parse().ok());
    counted.unwrap_or_else(|| panic!("valgrind told no count:\n{said}"))
}
