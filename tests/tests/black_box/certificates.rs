//! From the invitation to a certificate that anybody can check, on the deployed stack: the mail, the evaluation in the browser, the files
//! in their bucket, the public check, and what becomes of them when they are revoked.

use super::attending::{Held, desk, open_cloud, phone, until_says};
use adapters::objects::{certificate_key, credential_key, status_key};
use documents::credential::{self, Keys};
use domain::{
    certificate::{Paper, Validity},
    completion::{LetterState, Step},
    id::CertificateCode,
    registration::Participation,
};
use fantoccini::Locator;
use http::StatusCode;
use local::{
    person::Person,
    zoom::{Part, Play},
};
use std::{fs, path::PathBuf, process::Command};
use tests::browser::{Browser, Manner};

const MARIA: &str = "maria.garcia@people.example";
/// A certificate is far smaller.
const MOST: usize = 1024 * 1024;

fn step(person: &Participation) -> Option<&Step> {
    person.submitted().map(|submitted| &submitted.certificate.step)
}

fn code(person: &Participation) -> CertificateCode {
    person.submitted().unwrap().certificate.code.clone()
}

/// The sheet in a folder of its own, to be chosen in a form.
async fn sheet(held: &Held<'_>, code: &CertificateCode, folder: &tempfile::TempDir) -> PathBuf {
    let bytes = held.clients.certificates.fetch_evidence(&certificate_key(code, Paper::Letter), MOST).await.unwrap();
    let path = folder.path().join("certificate.pdf");
    fs::write(&path, bytes).unwrap();
    path
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap_or_else(|_| panic!("{program} isn't there"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_attended_in_full_is_invited_submits_and_holds_a_certificate_that_anybody_can_check() {
    let cloud = open_cloud().await;
    let held = Held::with(cloud, "Consent and Capacity", &["Fay"]).await;
    held.stage(&Play::everybody(Part::InFull));
    held.decide().await;

    // One mail, however often it is asked for; its link leads to login, and reading it changes nothing.
    let invited = held
        .until(&held.maria, |person| person.letter.as_ref().is_some_and(|letter| letter.state == LetterState::Sent));
    let invited = invited.await;
    assert_eq!(held.mail(MARIA, "Your evaluation is ready").await, 1);
    for _ in 0..2 {
        held.clients.mails.send_letter_nudge(&held.event.id, &held.maria).await.unwrap();
    }
    let address = format!("/wallet/evaluations/{}", held.event.id);
    let mails = cloud.mailbox().mails_to(MARIA);
    let mail = mails.iter().find(|mail| mail.subject.contains("Your evaluation is ready")).unwrap();
    assert!(mail.text.contains(&held.page(&address)), "the mail leads to the evaluation: {}", mail.text);
    let mut scanner = Person::at(cloud.portal_url().unwrap());
    for _ in 0..3 {
        let asked = scanner.get(&address).await.unwrap();
        assert_eq!(asked.status, StatusCode::SEE_OTHER);
        assert!(asked.location.starts_with("/login?next="), "{}", asked.location);
    }
    let read = held.clients.table.fetch_participation(&held.event.id, &held.maria).await.unwrap().unwrap();
    assert_eq!((read.version, &read.completion), (invited.version, &invited.completion));

    // The licensee, on a phone: saved and gone on with, refused while something is missing, submitted.
    let maria = phone(cloud, "maria").await;
    maria.go(&held.page("/wallet/evaluations")).await;
    maria.says(&["Evaluations", "Incomplete", "Consent and Capacity"]).await;
    maria.go(&held.page(&address)).await;
    maria.says(&["Consent and Capacity", "This name prints on it", "Maria Garcia", "Submit"]).await;
    maria.press("Submit").await;
    maria.says(&["Not submitted yet", "Choose one of the answers."]).await;
    maria.answer_all().await;
    maria.press("Save and go on later").await;
    maria.says(&["Saved.", "It isn't submitted yet"]).await;
    maria.press("Submit").await;
    maria.says(&["Certificates", "Your evaluation is submitted"]).await;
    let issued = held.until(&held.maria, |person| matches!(step(person), Some(Step::Issued { .. }))).await;
    let code = code(&issued);
    until_says(&maria, &held.page("/wallet/certificates"), "Issued").await;
    maria.says(&["Consent and Capacity", "1.25", "Download", "Print", "Download all as ZIP"]).await;
    maria.shows_pictures(".preview img").await;
    maria.keep_picture("certificates").await;
    maria.go(&held.page(&address)).await;
    maria.says(&["You have submitted this evaluation already"]).await;
    maria.go(&held.page(&format!("/wallet/missing/{}", held.event.id))).await;
    maria.says(&["Your evaluation is submitted, and you have your certificate."]).await;

    // The sheet: whole, with its fonts, and with the words that were decided.
    let folder = tempfile::tempdir().unwrap();
    let path = sheet(&held, &code, &folder).await;
    let file = path.to_str().unwrap();
    run("qpdf", &["--check", file]);
    assert!(!run("pdffonts", &[file]).contains(" no  no  no "), "every font is embedded");
    let text = run("pdftotext", &["-layout", file, "-"]);
    for words in ["Maria Garcia", "Consent and Capacity", "1.25", "NBCC", "ive interactive webinar"] {
        assert!(text.contains(words), "{words:?} isn't on the sheet:\n{text}");
    }

    // Anybody: by the code, and with the file; a changed byte is told.
    let anybody = Browser::open(Manner::default()).await;
    anybody.go(&held.page("/verify")).await;
    anybody.look("Check a certificate").await;
    anybody.fill("code", &domain::certificate::grouped(&code)).await;
    anybody.press("Check").await;
    anybody.says(&["Valid", "Maria Garcia", "Consent and Capacity", "1.25", "NBCC", "what it doesn't"]).await;
    anybody.choose_file(&path).await;
    anybody.press("Compare").await;
    anybody.says(&["This file is exactly the one that was issued", "US Letter"]).await;
    let mut changed = fs::read(&path).unwrap();
    let place = changed.len() / 2;
    changed[place] ^= 1;
    fs::write(&path, changed).unwrap();
    anybody.go(&held.page(&format!("/verify/{code}"))).await;
    anybody.choose_file(&path).await;
    anybody.press("Compare").await;
    anybody.says(&["This file is not the one that was issued"]).await;
    check_offline(&held, &code).await;

    // Staff see who has one; revoked, everybody reads why, and the credit is withdrawn.
    let acme = desk(cloud, "acme").await;
    acme.go(&held.page(&format!("/manage/events/{}/certificates", held.event.id))).await;
    acme.says(&["Certificates", "Maria Garcia", "Submitted", "Issued", "Fay Example", "Incomplete"]).await;
    acme.go(&held.page(&format!("/manage/events/{}/certificates/{}", held.event.id, held.maria))).await;
    acme.look("Revoke").await;
    acme.fill("why", "Somebody else attended in her place.").await;
    acme.press("Revoke").await;
    acme.says(&["Revoke the certificate of", "Keep the certificate"]).await;
    acme.press("Revoke").await;
    held.until(&held.maria, |person| matches!(step(person), Some(Step::Revoked { .. }))).await;
    assert_eq!(held.mail(MARIA, "revoked").await, 1);
    until_says(&acme, &held.page(&format!("/manage/events/{}/certificates/{}", held.event.id, held.maria)), "Revoked")
        .await;
    acme.says(&["Revoked", "Somebody else attended"]).await;
    anybody.go(&held.page(&format!("/verify/{code}"))).await;
    anybody.says(&["Revoked", "Somebody else attended in her place."]).await;
    let record = held.clients.table.fetch_certificate(&code).await.unwrap().unwrap();
    assert!(matches!(record.validity, Validity::Revoked { .. }));
    for browser in [maria, acme, anybody] {
        browser.close().await;
    }
}

/// The signed credential with the published keys, as somebody without our pages checks it.
async fn check_offline(held: &Held<'_>, code: &CertificateCode) {
    let mut anybody = Person::at(held.cloud.portal_url().unwrap());
    let downloaded = anybody.get(&format!("/verify/{code}/credential.json")).await.unwrap();
    let keys = anybody.get("/.well-known/certificate-keys.json").await.unwrap();
    let keys = Keys::read(keys.text.as_bytes()).unwrap();
    let bucket = &held.clients.certificates;
    let signed = bucket.fetch_evidence(&credential_key(code), MOST).await.unwrap();
    assert_eq!(downloaded.text.as_bytes(), signed, "anybody may have it");
    let sheet = bucket.fetch_evidence(&certificate_key(code, Paper::A4), MOST).await.unwrap();
    assert_eq!(credential::extract_credential(&sheet).unwrap(), signed, "the sheet carries it");
    let verified = credential::verify(&signed, &keys).unwrap();
    assert_eq!((verified.name.as_str(), verified.title.as_str()), ("Maria Garcia", "Consent and Capacity"));
    let mut forged = signed.clone();
    let place = String::from_utf8_lossy(&forged).find("Garcia").unwrap();
    forged[place] = b'B';
    assert!(credential::verify(&forged, &keys).is_err());
    assert!(bucket.fetch_evidence(&status_key(code), MOST).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_isnt_ours_is_answered_like_any_other_and_kept_from_search_engines() {
    let cloud = open_cloud().await;
    let mut anybody = Person::at(cloud.portal_url().unwrap());
    let unknown = anybody.get(&format!("/verify/{}", CertificateCode::from_bits(7))).await.unwrap();
    let malformed = anybody.get("/verify/nonsense").await.unwrap();
    assert_eq!((unknown.status, malformed.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    assert_eq!(unknown.text, malformed.text);
    assert!(unknown.text.contains("No certificate has this code"));
    let browser = Browser::open(Manner { phone: true, ..Manner::default() }).await;
    browser.go(&format!("{}/verify", cloud.portal_url().unwrap())).await;
    browser.look("Check a certificate").await;
    browser.click(Locator::Css("a.brand")).await;
    browser.close().await;
}
