//! What a cold start costs: the instructions from the start of each function's release binary to its first poll of the
//! Runtime API. Counted by callgrind, since a count doesn't depend on the machine's mood. `cargo bench -p tests --bench start`.

use std::{
    env, fs,
    io::{Read, Write},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// What a start may cost, in instructions: 30 M are about 10 ms of a small Lambda's processor.
const LIMIT: u64 = 30_000_000;

const FUNCTIONS: [&str; 2] = ["portal", "import-roster"];

fn main() {
    // `cargo test --benches` only wants to know that this builds.
    if !env::args().any(|argument| argument == "--bench") {
        return;
    }
    if Command::new("valgrind").arg("--version").stdout(Stdio::null()).status().is_err() {
        eprintln!("valgrind isn't installed: on Debian, apt-get install valgrind");
        std::process::exit(2);
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the workspace");
    let mut build = Command::new(env!("CARGO"));
    build.current_dir(root).args(["build", "--release", "--locked"]);
    for function in FUNCTIONS {
        build.args(["--package", function]);
    }
    assert!(build.status().expect("cargo runs").success(), "the functions don't build");
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);

    println!("{:<16} {:>14} {:>14} {:>10}", "function", "instructions", "at most", "size");
    let mut good = true;
    for function in FUNCTIONS {
        let binary = target.join("release").join(function);
        let size = fs::metadata(&binary).map_or(0, |file| file.len());
        let instructions = count_start(&binary);
        good &= instructions <= LIMIT;
        println!("{function:<16} {instructions:>14} {LIMIT:>14} {:>7} KB", size >> 10);
    }
    if !good {
        eprintln!("a start costs more than it may");
        std::process::exit(1);
    }
}

/// Runs a function until it polls for its first event.
fn count_start(binary: &Path) -> u64 {
    let runtime_api = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = runtime_api.local_addr().expect("an address").to_string();
    let counted = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(binary)
        .env_clear()
        .envs(env::var_os("PATH").map(|path| ("PATH", path)))
        .envs(environment(&address))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("valgrind starts");
    let (mut poll, _) = runtime_api.accept().expect("the function polls");
    let mut request = [0; 512];
    let read = poll.read(&mut request).expect("the function asks");
    assert!(request[..read].starts_with(b"GET /2018-06-01/runtime/invocation/next"), "the first request is no poll");
    let stop = Command::new("kill").arg(counted.id().to_string()).status().expect("kill runs");
    assert!(stop.success());
    let _ = poll.write_all(b"HTTP/1.1 500 \r\n\r\n");
    let output = counted.wait_with_output().expect("valgrind ends");
    let said = String::from_utf8_lossy(&output.stderr);
    let counted = said.lines().find_map(|line| line.split("Collected :").nth(1)).and_then(|n| n.trim().parse().ok());
    counted.unwrap_or_else(|| panic!("valgrind told no count:\n{said}"))
}

/// What Lambda and the template set.
fn environment(runtime_api: &str) -> Vec<(&'static str, String)> {
    let fixed = [
        ("AWS_LAMBDA_FUNCTION_NAME", "function"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "group"),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "stream"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_SESSION_TOKEN", "test"),
        ("STAGE", "prod"),
        ("TABLE_NAME", "table"),
        ("ROSTER_BUCKET", "bucket"),
        ("ROSTER_QUEUE_URL", "https://sqs.us-east-1.amazonaws.com/123456789012/queue"),
        ("MAIL_QUEUE_URL", "https://sqs.us-east-1.amazonaws.com/123456789012/mails"),
        ("PUBLIC_BASE_URL", "https://example.org"),
        ("BUCKET_ORIGIN", "https://bucket.s3.us-east-1.amazonaws.com"),
        ("ORGANISATION_TIME_ZONE", "America/New_York"),
        ("REPORTING_YEAR_START", "01-01"),
    ];
    let mut all: Vec<_> = fixed.map(|(name, value)| (name, value.to_owned())).to_vec();
    all.push(("AWS_LAMBDA_RUNTIME_API", runtime_api.to_owned()));
    all
}
