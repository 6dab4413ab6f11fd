//! A transcript in the words of its page: as it was frozen, and beside each credit that a certificate was issued for what is known of
//! that certificate at this moment. A sheet is of a day; what was revoked since is told here.

use crate::{
    Door,
    file::{Compared, LARGEST_FILE, NoFile},
    trouble,
};
use adapters::{clock, table::IssuedTranscript};
use askama::Template;
use domain::{
    certificate::{CertificateRecord, Validity, grouped},
    id::CertificateCode,
    licence::Licence,
    tracker::written,
    transcript::{OfLicence, SaidBy, TranscriptData, TranscriptLine},
};
use jiff::civil::Date;
use pages::{layout::Page, moment::Moment, problem::Problem, visitor::Visitor};
use std::collections::{BTreeMap, BTreeSet};

/// A transcript with all that its page says of it.
pub(crate) struct Transcript {
    pub(crate) data: TranscriptData,
    pub(crate) issued: IssuedTranscript,
    /// The certificates on it, as they stand now.
    certificates: BTreeMap<CertificateCode, CertificateRecord>,
}

#[derive(Template)]
#[template(path = "verify/transcript.html")]
pub(crate) struct TranscriptPage {
    page: Page,
    code: String,
    grouped: String,
    name: String,
    licences: Vec<String>,
    organisation: String,
    as_of: String,
    made: Moment,
    asked: Moment,
    parts: Vec<Part>,
    /// How many of its credits don't count any more as they stand on it.
    changed: usize,
    has_self_reported: bool,
    what_is_cut: Vec<&'static str>,
    sha256: String,
    is_same: Option<bool>,
    wrong_file: Option<&'static str>,
    largest_file: usize,
}

/// A table of the page.
struct Part {
    heading: String,
    says: Option<String>,
    lines: Vec<Line>,
    total: String,
}

struct Line {
    date: String,
    machine_date: String,
    title: String,
    facts: String,
    category: String,
    hours: String,
    counted: Option<String>,
    why: Option<String>,
    source: Source,
}

/// What is known of a credit at this moment.
enum Source {
    /// It stood on the record when the transcript was made.
    OnRecord,
    /// Nobody has checked it.
    SelfReported,
    /// A certificate, which counts.
    Counts { code: String },
    /// A certificate that another one has taken the place of: its name was corrected, and the credit counts.
    Corrected { code: String },
    /// A certificate that doesn't.
    CountsNoMore { code: String, word: &'static str },
}

/// How many certificates one after another are followed to the one that holds now.
const MOST_CORRECTIONS: usize = 4;

impl Line {
    /// The certificate that counts no more, if that is so.
    fn counts_no_more(&self) -> Option<&str> {
        match &self.source {
            Source::CountsNoMore { code, .. } => Some(code),
            Source::OnRecord | Source::SelfReported | Source::Counts { .. } | Source::Corrected { .. } => None,
        }
    }
}

impl Door {
    /// The transcript of a code.
    pub(crate) async fn fetch_transcript(&self, issued: IssuedTranscript) -> Result<Transcript, Problem> {
        let frozen = self.clients.objects.fetch_transcript_data(&issued.account, &issued.id).await;
        let data = frozen.map_err(trouble::transcript)?.data;
        let mut codes: Vec<CertificateCode> = data.lines().filter_map(|line| line.certificate.clone()).collect();
        codes.sort_unstable();
        codes.dedup();
        let mut certificates = self.clients.table.fetch_certificates(&codes).await.map_err(trouble::table)?;
        // Those that have taken the place of others, and of these again: names are corrected once, mostly.
        for _ in 0..MOST_CORRECTIONS {
            let next = certificates.values().filter_map(|record| match &record.validity {
                Validity::Superseded { by, .. } if !certificates.contains_key(by) => Some(by.clone()),
                _ => None,
            });
            let next: Vec<CertificateCode> = next.collect();
            if next.is_empty() {
                break;
            }
            certificates.extend(self.clients.table.fetch_certificates(&next).await.map_err(trouble::table)?);
        }
        Ok(Transcript { data, issued, certificates })
    }

    pub(crate) fn transcript_page(
        &self,
        visitor: &Visitor,
        transcript: &Transcript,
        compared: Option<Compared>,
        wrong: Option<NoFile>,
    ) -> TranscriptPage {
        let Transcript { data, issued, .. } = transcript;
        let mut parts: Vec<Part> = data.licences.iter().flat_map(|of| transcript.parts(of)).collect();
        if !data.unassigned.is_empty() {
            parts.push(transcript.part("Credits that count for no license".to_owned(), None, &data.unassigned));
        }
        // One credit may stand under several licenses.
        let changed: BTreeSet<&str> =
            parts.iter().flat_map(|part| &part.lines).filter_map(Line::counts_no_more).collect();
        let changed = changed.len();
        let now = clock::now();
        let moment = |at: i64| Moment { relative: None, ..Moment::new(at, at, self.site.time_zone()) };
        TranscriptPage {
            // Whose it is stands on the page, and not in the window's title, which other programs see.
            page: self.page("Transcript: check a certificate", visitor),
            code: data.code.to_string(),
            grouped: grouped(&data.code),
            name: data.holder.printed_name(),
            licences: data.holder.licences.iter().map(licence).collect(),
            organisation: data.organisation.name.clone(),
            as_of: data.as_of.strftime("%B %-d, %Y").to_string(),
            made: moment(data.made_at),
            asked: moment(now),
            changed,
            parts,
            has_self_reported: data.lines().any(|line| line.by == SaidBy::Licensee),
            what_is_cut: data.says_what_is_cut(),
            sha256: issued.sha256.clone(),
            is_same: compared.map(|compared| compared != Compared::Differs),
            wrong_file: wrong.map(NoFile::words),
            largest_file: LARGEST_FILE,
        }
    }
}

impl Transcript {
    fn parts(&self, of: &OfLicence) -> Vec<Part> {
        let title = licence(&of.licence);
        if of.cycles.is_empty() {
            return vec![self.part(title, None, &[])];
        }
        let part = |cycle: &domain::transcript::OfCycle| match &cycle.standing {
            Some(standing) => {
                let heading = format!("{title}: {} to {}", day(standing.from), day(standing.to));
                self.part(heading, Some(format!("{} {}", standing.says(), standing.counted_by())), &cycle.lines)
            }
            None if of.cycles.len() == 1 => self.part(title.clone(), None, &cycle.lines),
            None => self.part(format!("{title}: in no cycle"), None, &cycle.lines),
        };
        of.cycles.iter().map(part).collect()
    }

    fn part(&self, heading: String, says: Option<String>, lines: &[TranscriptLine]) -> Part {
        let total = lines.iter().map(|line| line.hours.hundredths()).sum();
        Part { heading, says, lines: lines.iter().map(|line| self.line(line)).collect(), total: written(total) }
    }

    fn line(&self, line: &TranscriptLine) -> Line {
        let number = if line.course.is_empty() { String::new() } else { format!("no. {}", line.course) };
        let delivery = line.delivery.map(|delivery| delivery.title().to_owned()).unwrap_or_default();
        let facts: Vec<String> =
            [line.provider.clone(), number, delivery].into_iter().filter(|fact| !fact.trim().is_empty()).collect();
        Line {
            date: day(line.date),
            machine_date: line.date.to_string(),
            title: line.title.clone(),
            facts: facts.join(", "),
            category: line.category.clone(),
            hours: line.hours.to_string(),
            counted: line.counted.map(written),
            why: line.says_why(),
            source: self.source(line),
        }
    }

    fn source(&self, line: &TranscriptLine) -> Source {
        let certificate = line.certificate.as_ref().and_then(|code| self.certificates.get(code));
        match (line.by, certificate) {
            (SaidBy::Licensee, _) => Source::SelfReported,
            (SaidBy::Record, None) => Source::OnRecord,
            (SaidBy::Record, Some(record)) => {
                let code = record.data.code.to_string();
                match &record.validity {
                    Validity::Valid => Source::Counts { code },
                    Validity::Revoked { .. } => Source::CountsNoMore { code, word: "Revoked since" },
                    Validity::Superseded { by, .. } => self.successor(code, by),
                }
            }
        }
    }

    /// What has become of a credit whose certificate another one has taken the place of.
    fn successor(&self, code: String, by: &CertificateCode) -> Source {
        let mut by = by;
        for _ in 0..=MOST_CORRECTIONS {
            match self.certificates.get(by).map(|record| &record.validity) {
                Some(Validity::Valid) => return Source::Corrected { code: by.to_string() },
                Some(Validity::Revoked { .. }) => {
                    return Source::CountsNoMore { code: by.to_string(), word: "Revoked since" };
                }
                Some(Validity::Superseded { by: next, .. }) => by = next,
                None => break,
            }
        }
        Source::CountsNoMore { code, word: "Superseded since" }
    }
}

fn licence(licence: &Licence) -> String {
    format!("{} {} {}", licence.board, licence.profession, licence.number.shown())
}

fn day(date: Date) -> String {
    date.strftime("%b %-d, %Y").to_string()
}
