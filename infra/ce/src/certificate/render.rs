//! `ce certificate render`: one certificate of a JSON file, or one of each line of an NDJSON file, read line by line: a file of any
//! length takes the memory of one certificate.

use super::UNREADABLE;
use clap::{Args, ValueEnum};
use documents::{
    certificate::{Fonts, Images, InvalidPicture, Picture, RenderError, render},
    credential::{InvalidKey, SigningKey, sign},
};
use domain::certificate::{CertificateData, Paper};
use std::{
    env, fs,
    io::{self, BufRead, BufReader, IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

pub(super) const HELP: &str = "\
DATA.json is what one certificate says, DATA.ndjson one such object a line; shared/documents/samples/certificate.json is an
example. Each PDF is written to DIR/{code}-{paper}.pdf, and with --key the record to DIR/{code}.json. The same data make the same bytes.

KEYFILE: {\"id\": \"2026-1\", \"seed\": \"64 hexadecimal digits\"}. Without it nothing is signed or attached.
Chinese, Japanese and Korean need NotoSerifCJK-Regular.otf: in $CERTIFICATE_FONTS, else beside this program, else in this repository.

Exit 0 when all were made, 1 when some couldn't be (each is told with its line and what of it is wrong), 2 when nothing can be read.";

/// Longer than any certificate's data: ten statements of 2,000 signs, twenty presenters, and room.
const LONGEST_LINE: u64 = 1024 * 1024;
/// How often progress is shown.
const EVERY: Duration = Duration::from_millis(500);
/// The folder with the fonts that aren't built in.
const FONTS: &str = "CERTIFICATE_FONTS";

#[derive(Debug, Args)]
pub(super) struct RenderArgs {
    /// What the certificates say.
    #[arg(value_name = "DATA.json|DATA.ndjson")]
    data: PathBuf,
    /// The folder to write to; it is made if it isn't there.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The paper.
    #[arg(long, value_enum, default_value = "letter")]
    paper: Papers,
    /// The key that signs.
    #[arg(long, value_name = "KEYFILE")]
    key: Option<PathBuf>,
    /// The organisation's logo, PNG or JPEG.
    #[arg(long, value_name = "FILE")]
    logo: Option<PathBuf>,
    /// The signatory's signature, PNG or JPEG.
    #[arg(long, value_name = "FILE")]
    signature: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Papers {
    Letter,
    A4,
    Both,
}

/// Why nothing is made at all.
#[derive(Debug, thiserror::Error)]
enum NoStart {
    #[error("{} can't be read: {source}.", path.display())]
    CannotRead { path: PathBuf, source: io::Error },
    #[error("{}: {problem}", path.display())]
    Picture { path: PathBuf, problem: InvalidPicture },
    #[error("{}: {problem}.", path.display())]
    Key { path: PathBuf, problem: InvalidKey },
    #[error("{} can't be made: {source}.", path.display())]
    NoFolder { path: PathBuf, source: io::Error },
    #[error("{} has no certificate in it.", path.display())]
    Empty { path: PathBuf },
}

/// Why one certificate isn't made.
#[derive(Debug, thiserror::Error)]
enum NotMade {
    #[error("it isn't what a certificate says: {0}.")]
    Data(#[from] serde_json::Error),
    #[error("it is longer than {LONGEST_LINE} bytes.")]
    TooLong,
    #[error("{0}")]
    Render(#[from] RenderError),
    #[error("{} can't be written: {source}.", path.display())]
    CannotWrite { path: PathBuf, source: io::Error },
}

/// Runs `ce certificate render`.
pub(super) fn run(args: &RenderArgs) -> ExitCode {
    match Press::ready(args).and_then(|press| press.run(&args.data)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(UNREADABLE)
        }
    }
}

/// All that every certificate is made with.
struct Press {
    out: PathBuf,
    papers: &'static [Paper],
    key: Option<SigningKey>,
    images: Images,
    fonts: Fonts,
}

impl Press {
    fn ready(args: &RenderArgs) -> Result<Self, NoStart> {
        let read = |path: &Path| fs::read(path).map_err(|source| NoStart::CannotRead { path: path.into(), source });
        let picture = |path: &Option<PathBuf>| {
            let Some(path) = path else { return Ok(None) };
            let picture = Picture::read(&read(path)?);
            picture.map(Some).map_err(|problem| NoStart::Picture { path: path.clone(), problem })
        };
        let images = Images { logo: picture(&args.logo)?, signature: picture(&args.signature)? };
        let key = match &args.key {
            None => None,
            Some(path) => {
                Some(SigningKey::read(&read(path)?).map_err(|problem| NoStart::Key { path: path.clone(), problem })?)
            }
        };
        fs::create_dir_all(&args.out).map_err(|source| NoStart::NoFolder { path: args.out.clone(), source })?;
        let papers: &'static [Paper] = match args.paper {
            Papers::Letter => &[Paper::Letter],
            Papers::A4 => &[Paper::A4],
            Papers::Both => &Paper::ALL,
        };
        Ok(Self { out: args.out.clone(), papers, key, images, fonts: fonts() })
    }

    /// Makes all of a file; whether every one could be made.
    fn run(&self, data: &Path) -> Result<bool, NoStart> {
        let cannot_read = |source| NoStart::CannotRead { path: data.into(), source };
        let is_one = data.extension().is_none_or(|ending| ending != "ndjson");
        if is_one {
            let bytes = fs::read(data).map_err(cannot_read)?;
            let made = serde_json::from_slice(&bytes).map_err(NotMade::from).and_then(|data| self.make(&data));
            if let Err(problem) = &made {
                eprintln!("{}: {problem}", data.display());
                return if matches!(problem, NotMade::Data(_)) {
                    Err(NoStart::Empty { path: data.into() })
                } else {
                    Ok(false)
                };
            }
            return Ok(true);
        }
        let all = count(data).map_err(cannot_read)?;
        if all == 0 {
            return Err(NoStart::Empty { path: data.into() });
        }
        let mut lines = BufReader::new(fs::File::open(data).map_err(cannot_read)?);
        let mut progress = Progress::of(all);
        let (mut number, mut line) = (0_u64, Vec::new());
        while next_line(&mut lines, &mut line).map_err(cannot_read)? {
            number += 1;
            if line.trim_ascii().is_empty() {
                continue;
            }
            let made = self.make_line(&line);
            progress.one(made.is_ok());
            if let Err(problem) = made {
                progress.clear();
                eprintln!("Line {number}: {problem}");
            }
        }
        Ok(progress.finish())
    }

    fn make_line(&self, line: &[u8]) -> Result<(), NotMade> {
        if line.len() as u64 > LONGEST_LINE {
            return Err(NotMade::TooLong);
        }
        self.make(&serde_json::from_slice(line)?)
    }

    fn make(&self, data: &CertificateData) -> Result<(), NotMade> {
        let write = |name: String, bytes: &[u8]| {
            let path = self.out.join(name);
            fs::write(&path, bytes).map_err(|source| NotMade::CannotWrite { path, source })
        };
        let record = self.key.as_ref().map(|key| sign(data, key));
        for paper in self.papers {
            let rendered = render(data, &self.images, *paper, record.as_deref(), &self.fonts)?;
            write(format!("{}-{}.pdf", data.code, paper.as_str()), &rendered.pdf)?;
        }
        match &record {
            Some(record) => write(format!("{}.json", data.code), record),
            None => Ok(()),
        }
    }
}

/// Reads the next line, but no more of it than a certificate can have; whether there was one.
fn next_line(lines: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    use io::Read;
    line.clear();
    let read = lines.by_ref().take(LONGEST_LINE + 1).read_until(b'\n', line)?;
    if line.len() as u64 > LONGEST_LINE && !line.ends_with(b"\n") {
        lines.skip_until(b'\n')?;
    }
    Ok(read > 0)
}

/// How many certificates there are to be made: the lines that aren't blank.
fn count(data: &Path) -> io::Result<u64> {
    let (mut lines, mut line, mut all) = (BufReader::new(fs::File::open(data)?), Vec::new(), 0);
    while next_line(&mut lines, &mut line)? {
        all += u64::from(!line.trim_ascii().is_empty());
    }
    Ok(all)
}

/// The folder with the large font: named, beside the program, or in the repository that it was built from.
fn fonts() -> Fonts {
    let beside = env::current_exe().ok().and_then(|program| program.parent().map(Path::to_path_buf));
    let repository = local::files::root().join("shared/documents/fonts");
    let named = env::var_os(FONTS).map(PathBuf::from);
    let is_there = |folder: &PathBuf| folder.join(documents::certificate::CJK_FILE).is_file();
    named.into_iter().chain(beside).chain([repository]).find(is_there).map_or_else(Fonts::built_in, Fonts::with_folder)
}

/// How far it is: on one line of a terminal, and the sum at the end for everybody.
struct Progress {
    all: u64,
    done: u64,
    failed: u64,
    began: Instant,
    shown: Instant,
    is_terminal: bool,
}

impl Progress {
    fn of(all: u64) -> Self {
        let now = Instant::now();
        Self { all, done: 0, failed: 0, began: now, shown: now, is_terminal: io::stderr().is_terminal() }
    }

    fn one(&mut self, made: bool) {
        self.done += 1;
        self.failed += u64::from(!made);
        if self.shown.elapsed() >= EVERY {
            self.shown = Instant::now();
            let (start, end) = if self.is_terminal { ("\r", "") } else { ("", "\n") };
            eprint!("{start}{}{end}", self.sentence());
            io::stderr().flush().ok();
        }
    }

    fn sentence(&self) -> String {
        let seconds = self.began.elapsed().as_secs_f64().max(0.001);
        #[expect(clippy::cast_precision_loss, reason = "a rate is read by people")]
        let rate = self.done as f64 / seconds;
        format!("{} of {} certificates, {rate:.0} a second", self.done, self.all)
    }

    fn clear(&self) {
        if self.is_terminal {
            eprint!("\r\u{1b}[K");
        }
    }

    /// Tells the sum; whether all could be made.
    fn finish(self) -> bool {
        self.clear();
        eprintln!("{}; {} couldn't be made.", self.sentence(), self.failed);
        self.failed == 0
    }
}
