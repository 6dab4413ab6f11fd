//! Evaluations as licensees fill them in, and what staff do with certificates: who may see and send what, and that twice is once.

use crate::world::{
    Answer, Who, World,
    attended::{LENGTH, stay},
    credit,
};
use adapters::{
    objects::{certificate_key, preview_key},
    table::{By, CreditWritten, EventSaved, LetterClaimed, Month},
    tracking::Tracking,
};
use domain::{
    attendance::Decided,
    certificate::{CertificateData, CertificateRecord, Paper, Validity},
    completion::{Completion, EvaluationTimes, Following, Step, TakingBack, following, invite},
    event::{Approval, Event, Standing},
    id::CertificateCode,
    licence::LicenceNumber,
    registration::Participation,
    requirement::{Category, RequirementSet, Version, examples},
    tracker::{CreditSource, TrackedCredit},
};

impl World {
    /// An event that Ann attended in full and Bob half, decided; Ann is invited.
    async fn invited(&self) -> Event {
        let event = self.ended_event(1).await;
        self.seat_both(&event).await;
        let stays = [
            stay("Ann Tester", "ann@example.org", -120, LENGTH + 60),
            stay("Bob Tester", "bob@example.org", -120, LENGTH / 2),
        ];
        self.report(&event, &stays, (-600, LENGTH + 600), 2).await;
        self.carry_out(&event).await;
        self.clients.table.freeze_form(&event, 1).await.unwrap();
        for who in [Who::Ann, Who::Bob] {
            let person = self.part(&event, who).await;
            let decided = person.decided.as_deref().unwrap();
            let now = adapters::clock::now();
            let follows = following(&event, &person, decided, None, EvaluationTimes::default(), now);
            match (who, follows) {
                (Who::Ann, Following::Invited { completion, letter }) => {
                    assert!(self.clients.table.save_completion(&person, &completion, Some(&letter)).await.unwrap());
                }
                (Who::Bob, Following::Stays) => {}
                (who, follows) => panic!("{who:?}: {follows:?}"),
            }
        }
        event
    }

    async fn part(&self, event: &Event, who: Who) -> Participation {
        self.clients.table.fetch_participation(&event.id, &who.account_id()).await.unwrap().unwrap()
    }

    /// All required answers, as a form sends them.
    async fn answers(&self, event: &Event, press: &str) -> String {
        use domain::evaluation::Kind;
        let form = self.clients.table.fetch_form(event).await.unwrap();
        let field = |question: &domain::evaluation::Question| match question.kind {
            Kind::Scale { .. } => format!("{}=5", question.field()),
            Kind::Choice { several: false, .. } => format!("{}=0", question.field()),
            Kind::Choice { several: true, .. } => format!("{}=yes", question.field_of(0)),
            Kind::Text => format!("{}=Clear", question.field()),
        };
        let fields: Vec<String> = form.questions.iter().map(field).collect();
        format!("{}&do={press}&version=0", fields.join("&"))
    }

    async fn codes(&self, event: &Event) -> Vec<CertificateCode> {
        let person = self.part(event, Who::Ann).await;
        person.submitted().map(|submitted| submitted.certificate.code.clone()).into_iter().collect()
    }
}

fn has(page: &Answer, parts: &[&str]) {
    for part in parts {
        assert!(page.text().contains(part), "{part} in {}", page.text());
    }
}

fn address(event: &Event) -> String {
    format!("/wallet/evaluations/{}", event.id)
}

#[tokio::test]
async fn s2_17_an_evaluation_is_incomplete_is_saved_submitted_and_submitted_twice_is_once() {
    let world = World::new().await;
    let event = world.invited().await;
    has(&world.get("/wallet/evaluations", Who::Ann).await, &["Incomplete", "Open evaluation"]);
    has(&world.get(&address(&event), Who::Ann).await, &["This name prints on it", "Save and go on later"]);
    let before = world.part(&event, Who::Ann).await;
    world.get(&address(&event), Who::Ann).await;
    assert_eq!(world.part(&event, Who::Ann).await, before, "reading it changes nothing");
    // Nothing is answered: every question is named, and nothing is submitted.
    let wrong = world.post(&address(&event), Who::Ann, "do=submit&version=0").await;
    assert_eq!(wrong.status, 422);
    has(&wrong, &["Not submitted yet", "Question 1: Choose one of the answers."]);
    let form = world.answers(&event, "save").await;
    assert_eq!(
        world.post(&address(&event), Who::Ann, form).await.header("location"),
        format!("{}?saved=yes", address(&event))
    );
    assert!(world.codes(&event).await.is_empty());
    // Two at once, and one more afterwards: one certificate.
    let form = world.answers(&event, "submit").await;
    let there = address(&event);
    let (one, other) =
        tokio::join!(world.post(&there, Who::Ann, form.clone()), world.post(&there, Who::Ann, form.clone()));
    let submitted = "/wallet/certificates?done=submitted";
    assert_eq!((one.header("location"), other.header("location")), (submitted, submitted));
    let codes = world.codes(&event).await;
    assert_eq!(codes.len(), 1);
    assert_eq!(world.post(&address(&event), Who::Ann, form).await.header("location"), submitted);
    assert_eq!(world.codes(&event).await, codes, "the same certificate");
    let answered = world.clients.table.fetch_answered(&event.id, None, 100).await.unwrap();
    assert_eq!((answered.submitted.len(), answered.drafts), (1, 0));
    has(&world.get("/wallet/evaluations", Who::Ann).await, &["Submitted"]);
    let results = world.get(&format!("/manage/events/{}/results", event.id), Who::Acme).await;
    has(&results, &["<dt>Attended in full</dt><dd>1</dd>", "<dt>Sent in</dt><dd>1</dd>"]);
    has(&world.get("/wallet/certificates", Who::Ann).await, &["Being made", "Ann Tester"]);
}

#[tokio::test]
async fn whoever_isnt_invited_or_is_somebody_else_gets_nothing_by_the_link() {
    let world = World::new().await;
    let event = world.invited().await;
    // Bob came to half of it; the link from Ann's mail tells him why he has none.
    has(&world.get(&address(&event), Who::Bob).await, &["only for those who attended in full"]);
    let form = world.answers(&event, "submit").await;
    assert_eq!(world.post(&address(&event), Who::Bob, form).await.status, 409);
    assert!(world.part(&event, Who::Bob).await.completion.is_none());
    assert_eq!(world.get(&address(&event), Who::Acme).await.status, 403);
    // A field that the form hasn't got is refused.
    assert_eq!(world.post(&address(&event), Who::Ann, "do=submit&version=0&name=Other").await.status, 400);
    // Staff see who has submitted and never what.
    has(
        &world.get(&format!("/manage/events/{}/certificates", event.id), Who::Acme).await,
        &["Ann Tester", "Incomplete"],
    );
    let page = world.get(&format!("/manage/events/{}/certificates", event.id), Who::Beta).await;
    assert_eq!(page.status, 404);
}

#[tokio::test]
async fn an_evaluation_whose_time_is_over_or_whose_attendance_is_doubted_cant_be_submitted() {
    let world = World::new().await;
    let event = world.invited().await;
    let person = world.part(&event, Who::Ann).await;
    let (late, _) = invite(EvaluationTimes { days: 1, remind_after: 0 }, adapters::clock::now() - 2 * 86_400);
    assert!(world.clients.table.save_completion(&person, &late, None).await.unwrap());
    has(&world.get(&address(&event), Who::Ann).await, &["could be submitted is over"]);
    has(&world.get("/wallet/evaluations", Who::Ann).await, &["Expired"]);
    has(&world.get(&format!("/wallet/missing/{}", event.id), Who::Ann).await, &["why-evaluation_expired"]);
    let form = world.answers(&event, "submit").await;
    assert_eq!(world.post(&address(&event), Who::Ann, form).await.status, 409);
    assert!(world.codes(&event).await.is_empty());
}

#[tokio::test]
async fn staff_revoke_and_issue_again_with_a_reason_and_only_what_stands() {
    let world = World::new().await;
    let event = world.invited().await;
    let form = world.answers(&event, "submit").await;
    world.post(&address(&event), Who::Ann, form).await;
    let person = world.part(&event, Who::Ann).await;
    let page = format!("/manage/events/{}/certificates/{}", event.id, Who::Ann.account_id());
    let code = world.codes(&event).await.remove(0);
    let act = |deed: &str, why: &str, code: &CertificateCode| format!("do={deed}&why={why}&code={code}");
    // It is being made: neither is possible yet.
    assert_eq!(world.post(&page, Who::Acme, act("revoke", "Because", &code)).await.status, 409);
    let mut completion: Completion = *person.completion.clone().unwrap();
    completion.submitted.as_mut().unwrap().certificate.step = Step::Issued { at: 1 };
    assert!(world.clients.table.save_completion(&person, &completion, None).await.unwrap());
    assert_eq!(world.post(&page, Who::Acme, act("revoke", "", &code)).await.status, 422, "a reason is missing");
    assert_eq!(world.post(&page, Who::Beta, act("revoke", "Because", &code)).await.status, 404);
    let same = world.post(&page, Who::Acme, act("again", "Because", &code)).await;
    assert_eq!(same.status, 409);
    has(&same, &["bears the name that stands on the account"]);
    assert_eq!(world.post(&page, Who::Acme, act("revoke", "Wrong+person", &code)).await.header("location"), page);
    assert_eq!(world.post(&page, Who::Acme, act("revoke", "Wrong+person", &code)).await.status, 409, "once");
    let revoking = world.part(&event, Who::Ann).await;
    let step = &revoking.submitted().unwrap().certificate.step;
    assert!(matches!(step, Step::Revoking { why, .. } if why == "Wrong person"), "{step:?}");
    has(&world.get(&page, Who::Acme).await, &["Revoked", "Wrong person"]);
    let deeds = world.clients.table.fetch_certificate_deeds(&event.id, &Who::Ann.account_id()).await.unwrap();
    assert_eq!((deeds.len(), deeds[0].why.as_str(), &deeds[0].code), (1, "Wrong person", &code));
    let told = world.mails().await;
    assert_eq!(
        told.iter().filter(|(_, mail)| matches!(mail, domain::mail::Content::CertificateRevoked { .. })).count(),
        1
    );
    let wallet = world.get("/wallet/certificates", Who::Ann).await;
    has(&wallet, &["Revoked", "Wrong person", "If you think that it is wrong, write to the organisation's office"]);
}

impl World {
    /// Ann's evaluation is submitted and her certificate issued; its staff's page and its code.
    async fn issued(&self) -> (Event, String, CertificateCode) {
        let event = self.invited().await;
        let form = self.answers(&event, "submit").await;
        self.post(&address(&event), Who::Ann, form).await;
        self.at_step(&event, Step::Issued { at: 1 }).await;
        let page = format!("/manage/events/{}/certificates/{}", event.id, Who::Ann.account_id());
        let code = self.codes(&event).await.remove(0);
        (event, page, code)
    }

    async fn at_step(&self, event: &Event, step: Step) {
        let person = self.part(event, Who::Ann).await;
        let mut completion: Completion = *person.completion.clone().unwrap();
        completion.submitted.as_mut().unwrap().certificate.step = step;
        assert!(self.clients.table.save_completion(&person, &completion, None).await.unwrap());
    }

    /// Ann has changed her address and her name since she registered.
    async fn changed(&self, email: &str, last: &str) {
        let text = |text: &str| aws_sdk_dynamodb::types::AttributeValue::S(text.to_owned());
        let update = self
            .raw
            .update_item()
            .table_name(&self.settings.table_name)
            .key("pk", text(&format!("ACCOUNT#{}", Who::Ann.account_id())))
            .key("sk", text("ACCOUNT"))
            .update_expression("SET email = :email, #last = :last")
            .expression_attribute_names("#last", "last")
            .expression_attribute_values(":email", text(email))
            .expression_attribute_values(":last", text(last));
        update.send().await.unwrap();
    }
}

#[tokio::test]
async fn a_licence_that_comes_or_goes_while_the_form_is_open_moves_no_others_category() {
    let world = World::new().await;
    let event = world.invited().await;
    let licence = async |number: &str| world.holder("TX-BON", "RN", number, "Ann", "Tester").await.licence;
    let prove = async |licence: &domain::licence::Licence| {
        world.clients.table.prove_licence(&Who::Ann.account_id(), licence, None, 1).await.unwrap();
    };
    let (first, second) = (licence("RN-1").await, licence("RN-2").await);
    prove(&second).await;
    has(&world.get(&address(&event), Who::Ann).await, &["name=\"licence/TX-BON/RN/RN2\""]);
    // While the page is open, another one is connected that stands before it.
    prove(&first).await;
    let form = world.answers(&event, "submit").await;
    let stale = world.post(&address(&event), Who::Ann, format!("{form}&licence%2FTX-BON%2FRN%2FRN2=no")).await;
    assert_eq!(stale.status, 422);
    has(&stale, &["licenses on your account have changed", "licence/TX-BON/RN/RN1"]);
    assert!(world.codes(&event).await.is_empty());
    // The other way round: one that isn't there any more.
    let gone =
        format!("{form}&licence%2FTX-BON%2FRN%2FRN1=Ethics&licence%2FTX-BON%2FRN%2FRN2=no&licence%2FX%2FY%2FZ=no");
    assert_eq!(world.post(&address(&event), Who::Ann, gone).await.status, 422);
    // What is chosen for each goes to each.
    let both = format!("{form}&licence%2FTX-BON%2FRN%2FRN2=no&licence%2FTX-BON%2FRN%2FRN1=Ethics");
    assert_eq!(world.post(&address(&event), Who::Ann, both).await.status, 303);
    let person = world.part(&event, Who::Ann).await;
    let assigned: Vec<_> =
        person.submitted().unwrap().licences.iter().map(|it| (&it.licence, it.category.as_str())).collect();
    assert_eq!(assigned, [(&first, "Ethics")]);
}

#[tokio::test]
async fn nothing_is_issued_again_to_somebody_whose_attendance_is_doubted() {
    let world = World::new().await;
    let (event, page, code) = world.issued().await;
    world.changed("ann@example.org", "Other").await;
    has(&world.get(&page, Who::Acme).await, &["Issue again"]);
    let person = world.part(&event, Who::Ann).await;
    let mut decided = *person.decided.clone().unwrap();
    decided.turned = Some(domain::attendance::Turned {
        at: 1,
        case: "later".to_owned(),
        verdict: domain::attendance::Verdict::Short,
        reasons: Vec::new(),
        attended: 1,
        missed: 2,
    });
    assert!(world.clients.table.decide_person(&person, &decided, &Following::Stays).await.unwrap());
    let shown = world.get(&page, Who::Acme).await;
    assert!(!shown.text().contains("Issue again"), "{}", shown.text());
    let refused = world.post(&page, Who::Acme, format!("do=again&why=Because&code={code}")).await;
    assert_eq!(refused.status, 409);
    has(&refused, &["A later report says less"]);
    assert_eq!(world.codes(&event).await, [code]);
}

#[tokio::test]
async fn a_revocation_is_asked_for_twice_and_told_where_the_person_is_now() {
    let world = World::new().await;
    let (event, page, code) = world.issued().await;
    world.changed("ann.new@example.org", "Tester").await;
    has(&world.get(&page, Who::Acme).await, &["value=\"ask-revoke\""]);
    let asked = world.post(&page, Who::Acme, format!("do=ask-revoke&why=Wrong+person&code={code}")).await;
    assert_eq!(asked.status, 200);
    has(&asked, &["Revoke the certificate of", "Wrong person", "Keep the certificate"]);
    assert!(matches!(world.part(&event, Who::Ann).await.submitted().unwrap().certificate.step, Step::Issued { .. }));
    assert_eq!(world.post(&page, Who::Acme, format!("do=revoke&why=Wrong+person&code={code}")).await.status, 303);
    let told = world.mails().await;
    let told: Vec<&str> = told
        .iter()
        .filter(|(_, mail)| matches!(mail, domain::mail::Content::CertificateRevoked { .. }))
        .map(|(to, _)| to.as_str())
        .collect();
    assert_eq!(told, ["ann.new@example.org"]);
}

#[tokio::test]
async fn a_certificate_that_ends_with_the_attendance_is_noted_with_who_took_it_back() {
    let world = World::new().await;
    let (event, page, code) = world.issued().await;
    let person = world.part(&event, Who::Ann).await;
    let decided = Decided {
        verdict: domain::attendance::Verdict::Short,
        credits: Vec::new(),
        ..*person.decided.clone().unwrap()
    };
    let staff = Who::Acme.account_id();
    let taking_back = Some(TakingBack { by: Some(&staff), why: "Somebody else sat there" });
    let follows = following(&event, &person, &decided, taking_back, EvaluationTimes::default(), adapters::clock::now());
    assert!(world.clients.table.decide_person(&person, &decided, &follows).await.unwrap());
    let deeds = world.clients.table.fetch_certificate_deeds(&event.id, &Who::Ann.account_id()).await.unwrap();
    assert_eq!((deeds.len(), &deeds[0].by, &deeds[0].code), (1, &staff, &code));
    has(&world.get(&page, Who::Acme).await, &["Revoked with the attendance", "Somebody else sat there"]);
}

#[tokio::test]
async fn a_letter_that_is_being_sent_while_the_account_is_closed_stays_its_senders() {
    let world = World::new().await;
    let event = world.invited().await;
    let (table, ann, now) = (&world.clients.table, Who::Ann.account_id(), adapters::clock::now());
    // An invitation was taken back while somebody sent it, so that only its sender's number stands there.
    let LetterClaimed::Held(first, person) = table.claim_letter(&event.id, &ann, "one", now, 60).await.unwrap() else {
        panic!("it is due")
    };
    let decided = person.decided.clone().unwrap();
    let gone = Following::TakenBack { completion: None, deed: None };
    assert!(table.decide_person(&person, &decided, &gone).await.unwrap());
    table.leave_event(&event.id, Some(&event), &ann, now).await.unwrap();
    let person = world.part(&event, Who::Ann).await;
    assert!(person.email.is_none());
    let (completion, letter) = invite(EvaluationTimes::default(), now);
    assert!(table.save_completion(&person, &completion, Some(&letter)).await.unwrap());
    let claimed = table.claim_letter(&event.id, &ann, "two", now, 60).await.unwrap();
    let LetterClaimed::Held(second, _) = claimed else { panic!("it is due") };
    assert!(second.epoch > first.epoch, "whoever sent the first can't end the second");
    assert!(table.mark_letter_sent(&first, now).await.is_err());
}

#[tokio::test]
async fn a_closed_accounts_certificate_keeps_the_name_that_stands_on_it_and_nobody_is_written_to() {
    let world = World::new().await;
    world.changed("ann@example.org", "Newname").await;
    let (event, page, code) = world.issued().await;
    world
        .clients
        .table
        .leave_event(&event.id, Some(&event), &Who::Ann.account_id(), adapters::clock::now())
        .await
        .unwrap();
    has(&world.get(&page, Who::Acme).await, &["Ann Newname"]);
    let again = world.post(&page, Who::Acme, format!("do=again&why=Because&code={code}")).await;
    assert_eq!(again.status, 409, "the name at registration doesn't come back");
    assert_eq!(world.post(&page, Who::Acme, format!("do=revoke&why=Because&code={code}")).await.status, 303);
    let is_of_it = |mail: &domain::mail::Content| matches!(mail, domain::mail::Content::CertificateRevoked { .. });
    assert!(!world.mails().await.iter().any(|(_, mail)| is_of_it(mail)));
}

#[tokio::test]
async fn what_was_saved_in_another_window_is_overwritten_only_by_whoever_has_read_that_it_is_there() {
    let world = World::new().await;
    let event = world.invited().await;
    let there = address(&event);
    let first = world.answers(&event, "save").await;
    assert_eq!(world.post(&there, Who::Ann, first.clone()).await.status, 303);
    // The other window was loaded before, and has other words.
    let second = first.replace("Clear", "Muddled");
    let again = world.post(&there, Who::Ann, second.clone()).await;
    assert_eq!(again.status, 409);
    has(&again, &["<h2>Not saved</h2>", "Muddled", "name=\"version\" value=\"1\""]);
    has(&world.get(&there, Who::Ann).await, &["Clear"]);
    let meant = second.replace("version=0", "version=1");
    assert_eq!(world.post(&there, Who::Ann, meant).await.status, 303);
    has(&world.get(&there, Who::Ann).await, &["Muddled"]);
    // The same pressed twice is once.
    assert_eq!(world.post(&there, Who::Ann, second).await.status, 303);
}

#[tokio::test]
async fn a_certificate_without_a_license_is_unassigned_and_entered_for_the_one_that_is_chosen() {
    let world = World::new().await;
    let event = world.invited().await;
    let form = world.answers(&event, "submit").await;
    assert_eq!(world.post(&address(&event), Who::Ann, form).await.status, 303);
    let person = world.part(&event, Who::Ann).await;
    let mut completion = person.completion.as_deref().cloned().unwrap();
    completion.submitted.as_mut().unwrap().certificate.step = Step::Issued { at: 1 };
    assert!(world.clients.table.save_completion(&person, &completion, None).await.unwrap());
    // The license is proven to be hers later.
    let holder = world.holder("TX-BON", "RN", "RN-1", "Ann", "Tester").await;
    world.clients.table.prove_licence(&Who::Ann.account_id(), &holder.licence, None, 1).await.unwrap();
    has(&world.get("/wallet/tracker", Who::Ann).await, &["Unassigned credits", &event.title]);
    let page = world.get(&format!("/wallet/tracker/credit?credit={}", event.id), Who::Ann).await;
    has(&page, &["its credit isn't entered for a license", "TX-BON RN RN-1"]);
    // Pressed without a choice nothing is entered, and nobody is told that it is.
    let form = |chosen: &str| format!("credit={}&licence%2FTX-BON%2FRN%2FRN1={chosen}", event.id);
    let none = world.post("/wallet/tracker/credit", Who::Ann, form("left")).await;
    assert_eq!(none.status, 422);
    has(&none, &["Choose a category under the license that the credit counts for. Nothing was entered."]);
    let form = form("in%2FEthics");
    for _ in 0..2 {
        // Pressed twice it is asked for once.
        let done = world.post("/wallet/tracker/credit", Who::Ann, form.clone()).await;
        assert!(matches!(done.status, 303 | 404), "{}", done.text());
    }
    let submitted = world.part(&event, Who::Ann).await.submitted().cloned().unwrap();
    assert_eq!(submitted.licences.len(), 1);
    assert!(submitted.is_to_do() && submitted.licences[0].category == "Ethics");
    let looks = world.clients.table.fetch_due_events(adapters::clock::now() + 600, 10).await.unwrap();
    assert!(looks.contains(&event.id), "a look finds it if the nudge is lost");
    assert_eq!(world.post("/wallet/tracker/credit", Who::Bob, form).await.status, 404);
}

/// The register's entry of a certificate of somebody's.
fn entered(code: &CertificateCode, event: &Event, who: Who, validity: Validity) -> CertificateRecord {
    let sample = include_str!("../../../../shared/documents/samples/certificate.json");
    let mut data: CertificateData = serde_json::from_str(sample).unwrap();
    data.code = code.clone();
    let (event, account) = (event.id.clone(), who.account_id());
    CertificateRecord { data, event, account, files: Vec::new(), key: "2026-1".to_owned(), validity, version: 1 }
}

#[tokio::test]
async fn all_certificates_that_count_come_as_one_file_and_nobody_elses() {
    let world = World::new().await;
    let all = "/wallet/certificates/all";
    let none = world.post(all, Who::Ann, "paper=letter").await;
    assert_eq!(none.status, 409);
    has(&none, &["You have no certificate yet that counts."]);
    assert!(!world.get("/wallet/certificates", Who::Ann).await.text().contains("as ZIP"));
    let (event, _, code) = world.issued().await;
    let (table, bucket) = (&world.clients.table, &world.clients.certificates);
    assert!(table.enter_certificate(&entered(&code, &event, Who::Ann, Validity::Valid)).await.unwrap());
    for (paper, sheet) in [(Paper::Letter, "letter's sheet"), (Paper::A4, "A4's sheet")] {
        let key = certificate_key(&code, paper);
        bucket.save_bytes(&key, sheet.as_bytes().to_vec(), "application/pdf").await.unwrap();
    }
    has(&world.get("/wallet/certificates", Who::Ann).await, &["All certificates at once", "Download all as ZIP"]);
    let made = world.post(all, Who::Ann, "paper=a4").await;
    assert_eq!(made.status, 303, "{}", made.text());
    assert!(made.header("location").starts_with(&world.settings.bucket_origin), "{}", made.header("location"));
    let files = world.shelved_under(&format!("rosters/exports/{}/", Who::Ann.account_id()));
    let [zip] = files.as_slice() else { panic!("{} files", files.len()) };
    let text = String::from_utf8_lossy(zip);
    assert!(text.starts_with("PK") && text.contains("A4's sheet") && !text.contains("letter's sheet"));
    assert!(text.contains("certificates.csv") && text.contains(code.as_str()));
    // Bob has none, and what was revoked counts for nobody.
    assert_eq!(world.post(all, Who::Bob, "paper=a4").await.status, 409);
    let why = "By mistake".to_owned();
    let revoked = Validity::Revoked { at: 1, why, successor: None };
    assert!(table.end_certificate(&code, &revoked).await.unwrap());
    assert_eq!(world.post(all, Who::Ann, "paper=a4").await.status, 409);
    assert_eq!(world.post(all, Who::Ann, "paper=a5").await.status, 400);
}

#[tokio::test]
async fn a_certificates_picture_is_its_persons_alone() {
    let world = World::new().await;
    let (event, _, code) = world.issued().await;
    let record = entered(&code, &event, Who::Ann, Validity::Valid);
    assert!(world.clients.table.enter_certificate(&record).await.unwrap());
    let picture = format!("/wallet/certificates/{code}/preview.svg");
    has(&world.get("/wallet/certificates", Who::Ann).await, &[&format!("<img src=\"{picture}\" width")]);
    assert_eq!(world.get(&picture, Who::Ann).await.status, 404, "it was made without one");
    world.clients.certificates.save_bytes(&preview_key(&code), b"svgz".to_vec(), "image/svg+xml").await.unwrap();
    let own = world.get(&picture, Who::Ann).await;
    assert_eq!((own.status, own.body.as_ref()), (200, b"svgz".as_slice()));
    let headers = ["content-type", "content-encoding", "cache-control"].map(|name| own.header(name));
    assert_eq!(headers, ["image/svg+xml", "gzip", "no-store"]);
    assert_eq!(world.get(&picture, Who::Bob).await.status, 404);
}

#[tokio::test]
async fn a_credits_certificate_is_known_however_many_events_came_after_its_own() {
    let world = World::new().await;
    let holder = world.holder("TX-BON", "RN", "RN-1", "Ann", "Tester").await;
    let (event, _, code) = world.issued().await;
    let (table, account) = (&world.clients.table, Who::Ann.account_id());
    table.prove_licence(&account, &holder.licence, None, 1).await.unwrap();
    let credit = credit(&holder, event.course.as_str(), event.when.first_day());
    let month = Month::of(credit.date);
    table.note_credit_months(&event.provider, &[(credit.course.clone(), month)]).await.unwrap();
    let written = table.record_event_credit(&credit, &event.provider, &event.id, 1).await.unwrap();
    assert_eq!(written, CreditWritten::Now);
    let codes = async || {
        let (now, today) = (adapters::clock::now(), event.when.first_day());
        let tracking = Tracking::fetch(table, &account, today, now).await.unwrap();
        let recorded = |credit: &&TrackedCredit| matches!(credit.source, CreditSource::Recorded { .. });
        let credit = tracking.ledger.credits().iter().find(recorded).unwrap();
        (tracking.certificates.get(&credit.id).cloned(), tracking.registrations_are_cut)
    };
    assert_eq!(codes().await, (Some(code.clone()), false));
    // They all are at one time: the first of them comes last in the newest hundred, and then no more.
    for number in 2..=102 {
        let later = world.ended_event(number).await;
        world.seat(&later, account.clone(), "Ann", "Tester", "ann@example.org").await;
    }
    assert_eq!(codes().await, (Some(code.clone()), true));
    // While a corrected one is being made, it is the one before that everybody finds.
    let replaced = CertificateCode::from_bits(77);
    let person = world.part(&event, Who::Ann).await;
    let mut completion: Completion = *person.completion.clone().unwrap();
    let certificate = &mut completion.submitted.as_mut().unwrap().certificate;
    (certificate.step, certificate.replaces) = (Step::Pending, Some(code.clone()));
    certificate.code = replaced;
    assert!(table.save_completion(&person, &completion, None).await.unwrap());
    assert_eq!(codes().await, (Some(code), true));
}

#[tokio::test]
async fn a_license_whose_board_doesnt_approve_the_event_is_given_nothing_whatever_is_sent() {
    let world = World::new().await;
    let event = world.invited().await;
    for board in ["TX-BON", "OH-CSW"] {
        let holder = world.holder(board, "RN", &format!("{board}-1"), "Ann", "Tester").await;
        world.clients.table.prove_licence(&Who::Ann.account_id(), &holder.licence, None, 1).await.unwrap();
    }
    // Texas says of it that it doesn't approve it; Ohio says nothing of it.
    let refused = Approval { body: "TX-BON".to_owned(), standing: Standing::NotApproved };
    let before = world.clients.table.fetch_event(&event.id).await.unwrap().unwrap();
    let mut after = before.clone();
    after.approvals.push(refused);
    let by = By { account: &Who::Acme.account_id(), at: 1 };
    let saved = world.clients.table.change_event(&before, &after, by, "Texas has refused it").await.unwrap();
    assert!(matches!(saved, EventSaved::Now(_)));
    let page = world.get(&address(&event), Who::Ann).await;
    has(&page, &["The board of TX-BON RN TX-BON-1 doesn", "there is no credit for that license"]);
    let text = page.text();
    assert!(text.contains("name=\"licence/OH-CSW/RN/OHCSW1\"") && !text.contains("name=\"licence/TX-BON"), "{text}");
    // A form that asks for it all the same is of another page than this one.
    let answers = world.answers(&event, "submit").await;
    let ohio = format!("{answers}&licence%2FOH-CSW%2FRN%2FOHCSW1=later");
    let both = format!("{ohio}&licence%2FTX-BON%2FRN%2FTXBON1=later");
    assert_eq!(world.post(&address(&event), Who::Ann, both).await.status, 422);
    assert!(world.codes(&event).await.is_empty());
    assert_eq!(world.post(&address(&event), Who::Ann, ohio).await.status, 303);
    let submitted = world.part(&event, Who::Ann).await.submitted().cloned().unwrap();
    assert_eq!(submitted.licences.iter().map(|it| it.licence.board.as_str()).collect::<Vec<_>>(), ["OH-CSW"]);
    // Nor is it entered later.
    let mut completion = world.part(&event, Who::Ann).await.completion.as_deref().cloned().unwrap();
    let submitted = completion.submitted.as_mut().unwrap();
    submitted.licences.clear();
    submitted.certificate.step = Step::Issued { at: 1 };
    let person = world.part(&event, Who::Ann).await;
    assert!(world.clients.table.save_completion(&person, &completion, None).await.unwrap());
    let form = format!("credit={}&licence%2FTX-BON%2FRN%2FTXBON1=in%2F", event.id);
    let own = world.get(&format!("/wallet/tracker/credit?credit={}", event.id), Who::Ann).await;
    let offered = own.text().split("value=\"in/").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    let later = world.post("/wallet/tracker/credit", Who::Ann, form + &pages::address::segment(&offered)).await;
    assert_eq!(later.status, 422, "{}", later.text());
    has(&later, &["The board of TX-BON RN TX-BON-1 doesn"]);
}

#[tokio::test]
async fn a_credit_is_sorted_into_the_boards_own_categories_on_the_form() {
    let world = World::new().await;
    let event = world.invited().await;
    let own = event.published.as_ref().unwrap().category.clone();
    let (holder, other) = (
        world.holder("TX-BON", "RN", "TX-BON-1", "Ann", "Tester").await,
        world.holder("OH-CSW", "RN", "OH-CSW-1", "Ann", "Tester").await,
    );
    for holder in [&holder, &other] {
        world.clients.table.prove_licence(&Who::Ann.account_id(), &holder.licence, None, 1).await.unwrap();
    }
    let by = By { account: &Who::Office.account_id(), at: 1 };
    let meant = Category { accepts: vec![own.clone()], ..Category::named("What Texas calls it") };
    let set = RequirementSet {
        board: "TX-BON".to_owned(),
        profession: "RN".to_owned(),
        categories: vec![Category::named("Jurisprudence"), meant],
        ..examples()[0].clone()
    };
    let version = Version { number: 1, set, saved_on: jiff::civil::date(2020, 1, 1), corrects_past: false };
    assert!(world.clients.table.save_requirements(&version, by).await.unwrap());
    let page = world.get(&address(&event), Who::Ann).await;
    let text = page.text();
    let texas = text.split("name=\"licence/TX-BON").nth(1).unwrap().split("</select>").next().unwrap();
    // The record keeps the event's own name of the category; what the board calls it is what is read.
    let likely = format!("<option value=\"{own}\" selected>What Texas calls it</option>");
    assert!(texas.contains(&likely) && texas.contains(">Jurisprudence</option>"), "{texas}");
    // Where nobody has entered what a board asks, the provider's categories are what is known.
    let ohio = text.split("name=\"licence/OH-CSW").nth(1).unwrap().split("</select>").next().unwrap();
    assert!(ohio.contains(&format!("selected>{own}</option>")) && !ohio.contains("Jurisprudence"), "{ohio}");
}

#[tokio::test]
async fn a_credit_goes_to_two_licenses_only_where_their_boards_share() {
    let world = World::new().await;
    let event = world.invited().await;
    let by = By { account: &Who::Office.account_id(), at: 1 };
    for (board, shares) in [("TX-BON", true), ("LA-BON", false)] {
        let holder = world.holder(board, "RN", &format!("{board}-1"), "Ann", "Tester").await;
        world.clients.table.prove_licence(&Who::Ann.account_id(), &holder.licence, None, 1).await.unwrap();
        let (board, profession) = (board.to_owned(), "RN".to_owned());
        let set = RequirementSet { board, profession, shares, ..examples()[0].clone() };
        let version = Version { number: 1, set, saved_on: jiff::civil::date(2020, 1, 1), corrects_past: false };
        assert!(world.clients.table.save_requirements(&version, by).await.unwrap());
    }
    let answers = world.answers(&event, "submit").await;
    let choose = |board: &str, value: &str| {
        let number = LicenceNumber::parse(&format!("{board}-1")).unwrap();
        format!("&{}={value}", pages::address::segment(&format!("licence/{board}/RN/{}", number.compared())))
    };
    let both = format!("{answers}{}{}", choose("TX-BON", "later"), choose("LA-BON", "later"));
    let refused = world.post(&address(&event), Who::Ann, both).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    has(&refused, &["Not submitted yet", "The board of LA-BON RN", "let a credit count for another"]);
    assert!(world.codes(&event).await.is_empty());
    // Nobody who presses Submit without a look meets that: the first has it.
    let page = world.get(&address(&event), Who::Ann).await;
    let text = page.text();
    let second = text.split("<select").filter(|it| it.contains("name=\"licence/")).nth(1).unwrap();
    assert!(second.contains("<option value=\"no\" selected>Not for this license"), "{second}");
    let one = format!("{answers}{}{}", choose("TX-BON", "later"), choose("LA-BON", "no"));
    assert_eq!(world.post(&address(&event), Who::Ann, one).await.status, 303);
    assert_eq!(world.codes(&event).await.len(), 1);
}
