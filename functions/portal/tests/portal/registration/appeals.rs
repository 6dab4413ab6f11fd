//! Appeals: sent once, answered once, in time, with a reason, and told by mail.

use super::{
    Stage,
    played::{decide, left_early, row},
};
use crate::world::{Answer, Who, request};
use axum::body::Body;
use domain::{
    attendance::{Said, Verdict, Voice},
    event::Event,
    mail::Content,
};
use http::Method;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n....";
const HOSTILE: &str = r#"</textarea><script>alert(1)</script>"'>{{7*7}}"#;

impl Stage {
    async fn appeal(&self, event: &Event, who: Who, text: &str, file: Option<(&str, &[u8])>) -> Answer {
        let mut body = format!("--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n{text}\r\n").into_bytes();
        // Browsers send an empty file where none was chosen.
        let (name, bytes) = file.unwrap_or(("", b""));
        let head = format!(
            "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: image/png\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--x--\r\n");
        let mut asked = request(Method::POST, &format!("/wallet/missing/{}", event.id), who);
        asked.headers_mut().unwrap().insert("content-type", "multipart/form-data; boundary=x".parse().unwrap());
        self.world.send(asked.body(Body::from(body)).unwrap()).await
    }

    async fn settle(&self, event: &Event, of: Who, by: Who, form: &str) -> Answer {
        self.world.post(&staffs(event, of), by, form.to_owned()).await
    }

    /// What mails have answered to appeals.
    async fn answers(&self) -> Vec<(String, bool, String)> {
        let answer = |(to, content): (String, Content)| match content {
            Content::AppealDecided { granted, why, .. } => Some((to, granted, why)),
            _ => None,
        };
        self.world.mails().await.into_iter().filter_map(answer).collect()
    }

    async fn verdict(&self, event: &Event, who: Who) -> Verdict {
        self.participation(event, who).await.unwrap().decided.unwrap().verdict
    }
}

fn staffs(event: &Event, of: Who) -> String {
    format!("/manage/events/{}/appeals/{}", event.id, of.account_id())
}

fn sent(event: &Event) -> (u16, String) {
    (303, format!("/wallet/missing/{}?done=appeal", event.id))
}

fn led(answer: &Answer) -> (u16, String) {
    (answer.status, answer.header("location").to_owned())
}

#[tokio::test]
async fn an_appeal_that_is_sent_twice_is_one_and_stands_in_its_providers_and_the_offices_queue() {
    let stage = Stage::new().await;
    let event = left_early(&stage, 1).await;
    for _ in 0..2 {
        assert_eq!(led(&stage.appeal(&event, Who::Ann, "I was there on my phone.", None).await), sent(&event));
    }
    let table = &stage.world.clients.table;
    assert_eq!(table.fetch_appeals_of(&event.id, &Who::Ann.account_id()).await.unwrap().len(), 1);
    let told = stage.world.mails().await;
    let told: Vec<_> = told.iter().filter(|(_, content)| matches!(content, Content::AppealFiled { .. })).collect();
    assert!(matches!(&told[..], [(to, _)] if to == "acme@example.org"), "{told:?}");
    let other = stage.appeal(&event, Who::Ann, "Something else.", None).await;
    assert!(other.status == 409 && other.text().contains("Your appeal is with the event"), "{}", other.text());
    let own = stage.world.get(&format!("/wallet/missing/{}?done=appeal", event.id), Who::Ann).await;
    for part in ["Your appeal is sent.", "It is answered by mail until", "on my phone"] {
        assert!(own.text().contains(part), "{part} in {}", own.text());
    }
    assert!(!own.text().contains("Send the appeal</button>"));
    for who in [Who::Acme, Who::AcmeMember, Who::Office] {
        let queue = stage.world.get("/manage/appeals", who).await;
        for part in ["Ann Tester", "Ethics 1", "10 days left"] {
            assert!(queue.text().contains(part), "{part} for {who:?} in {}", queue.text());
        }
        assert!(stage.world.get("/manage/events", who).await.text().contains("1 to be answered"), "{who:?}");
        assert_eq!(stage.world.get(&staffs(&event, Who::Ann), who).await.status, 200, "{who:?}");
    }
    let queue = stage.world.get("/manage/appeals", Who::Beta).await;
    assert!(queue.text().contains("No appeal waits for an answer.") && !queue.text().contains("Ann"));
    assert!(!stage.world.get("/manage/events", Who::Beta).await.text().contains("to be answered"));
    assert_eq!(stage.world.get(&staffs(&event, Who::Ann), Who::Beta).await.status, 404);
    assert_eq!(stage.settle(&event, Who::Ann, Who::Beta, "do=grant&why=Because&number=1").await.status, 404);
    assert_eq!(stage.world.get(&staffs(&event, Who::Bob), Who::Acme).await.status, 404, "Bob has sent none");
}

#[tokio::test]
async fn an_appeal_that_is_granted_is_a_word_that_counts_in_full_and_one_mail() {
    let stage = Stage::new().await;
    let event = left_early(&stage, 1).await;
    stage.appeal(&event, Who::Ann, "I was there on my phone.", None).await;
    let page = stage.world.get(&staffs(&event, Who::Ann), Who::Acme).await;
    for part in ["Appeal of Ann Tester", "on my phone", "Not in full", "<svg", "They attended", "Grant</button>"] {
        assert!(page.text().contains(part), "{part} in {}", page.text());
    }
    let no_reason = stage.settle(&event, Who::Ann, Who::Acme, "do=grant&why=&number=1").await;
    assert_eq!(no_reason.status, 422);
    assert!(stage.answers().await.is_empty());
    for form in ["do=grant&why=The+call+was+yours&number=1", "do=refuse&why=Other+word&number=1"] {
        let done = stage.settle(&event, Who::Ann, Who::Acme, form).await;
        assert_eq!(led(&done), (303, staffs(&event, Who::Ann)));
    }
    let words = stage.world.clients.table.fetch_adjustments(&event.id).await.unwrap();
    let [word] = &words[..] else { panic!("{words:?}") };
    let account = Who::Ann.account_id();
    assert!(word.said == Said::Decide { account, full: true, appeal: true } && word.voice == Voice::Provider);
    assert_eq!((word.why.as_str(), &word.by), ("The call was yours", &Who::Acme.account_id()));
    let told = ("ann@example.org".to_owned(), true, "The call was yours".to_owned());
    assert_eq!(stage.answers().await, [told]);
    decide(&stage, &event, &[row(&event, "ann@example.org", "Ann Tester", (-5, 60))], true).await;
    assert_eq!(stage.verdict(&event, Who::Ann).await, Verdict::Full);
    let own = stage.world.get(&format!("/wallet/missing/{}", event.id), Who::Ann).await;
    for part in ["Granted</span>", "Your attendance counts in full.", "The call was yours", "on its way"] {
        assert!(own.text().contains(part), "{part} in {}", own.text());
    }
    let queue = stage.world.get("/manage/appeals", Who::Acme).await;
    assert!(queue.text().contains("No appeal waits for an answer."), "{}", queue.text());
    assert!(stage.world.get("/manage/appeals", Who::Office).await.text().contains("No appeal waits"));
    let page = stage.world.get(&staffs(&event, Who::Ann), Who::Office).await;
    assert!(page.text().contains("Granted</span>") && !page.text().contains("Grant</button>"), "{}", page.text());
}

#[tokio::test]
async fn an_appeal_that_is_refused_changes_nothing_is_told_and_can_be_sent_again_with_something_new() {
    let stage = Stage::new().await;
    let event = left_early(&stage, 1).await;
    stage.appeal(&event, Who::Ann, "I was there.", None).await;
    for by in [Who::Office, Who::Acme] {
        stage.settle(&event, Who::Ann, by, "do=refuse&why=Zoom+says+otherwise&number=1").await;
    }
    let told = ("ann@example.org".to_owned(), false, "Zoom says otherwise".to_owned());
    assert_eq!(stage.answers().await, [told]);
    assert!(stage.world.clients.table.fetch_adjustments(&event.id).await.unwrap().is_empty());
    assert_eq!(stage.verdict(&event, Who::Ann).await, Verdict::Short);
    let same = stage.appeal(&event, Who::Ann, "I was there.", None).await;
    assert!(same.status == 409 && same.text().contains("Say what is new"), "{}", same.text());
    assert_eq!(led(&stage.appeal(&event, Who::Ann, "On another account.", None).await), sent(&event));
    // An answer to the first isn't one to the second.
    stage.settle(&event, Who::Ann, Who::Acme, "do=grant&why=As+said&number=1").await;
    assert_eq!(stage.answers().await.len(), 1);
    let page = stage.world.get(&staffs(&event, Who::Ann), Who::Acme).await;
    for part in ["Appeal 1", "Appeal 2", "Zoom says otherwise", "name=\"number\" value=\"2\""] {
        assert!(page.text().contains(part), "{part} in {}", page.text());
    }
}

#[tokio::test]
async fn a_file_is_taken_by_what_it_is_and_handed_to_staff_as_a_download() {
    let stage = Stage::new().await;
    let event = left_early(&stage, 1).await;
    let lying = stage.appeal(&event, Who::Ann, "Look at it.", Some(("shot.png", b"<html><script>"))).await;
    assert_eq!(lying.status, 422);
    assert!(lying.text().contains("neither a PDF nor a PNG") && lying.text().contains("Look at it."));
    let large = vec![0x89; 4 * 1024 * 1024 + 1];
    let large = stage.appeal(&event, Who::Ann, "Look at it.", Some(("shot.png", &large))).await;
    assert!(large.status == 422 && large.text().contains("larger than 4 MB"), "{}", large.status);
    let larger = vec![0x89; 5 * 1024 * 1024];
    assert_eq!(stage.appeal(&event, Who::Ann, "Look at it.", Some(("shot.png", &larger))).await.status, 413);
    assert_eq!(stage.appeal(&event, Who::Ann, "  ", None).await.status, 422);
    let name = "../My <b>shot.html";
    assert_eq!(led(&stage.appeal(&event, Who::Ann, "Look at it.", Some((name, PNG))).await), sent(&event));
    let appeals = stage.world.clients.table.fetch_appeals_of(&event.id, &Who::Ann.account_id()).await.unwrap();
    let file = appeals[0].file.as_ref().unwrap();
    assert_eq!(file.name, "My bshot.png");
    assert_eq!(stage.world.shelved(&format!("rosters/{}", file.key)).unwrap(), PNG);
    let there = format!("{}/files/1", staffs(&event, Who::Ann));
    let download = stage.world.get(&there, Who::Acme).await;
    let location = download.header("location");
    assert!(download.status == 303 && location.contains("X-Amz-Signature="), "{location}");
    assert!(location.contains("response-content-disposition=attachment"), "{location}");
    for (who, status) in [(Who::Beta, 404), (Who::Ann, 403), (Who::Office, 303)] {
        assert_eq!(stage.world.get(&there, who).await.status, status, "{who:?}");
    }
    assert_eq!(stage.world.get(&there.replace("files/1", "files/2"), Who::Acme).await.status, 404);
}

#[tokio::test]
async fn who_attended_in_full_or_isnt_registered_has_nothing_to_appeal_against() {
    let stage = Stage::new().await;
    let event = left_early(&stage, 1).await;
    let unregistered = super::played::over(&stage, 2, 7_200, &[Who::Bob]).await;
    let refused = stage.appeal(&unregistered, Who::Ann, "I was there.", None).await;
    assert!(refused.status == 409 && refused.text().contains("You have no seat"), "{}", refused.text());
    let early = stage.appeal(&unregistered, Who::Bob, "I was there.", None).await;
    assert!(early.status == 409 && early.text().contains("Nothing is decided of you yet"), "{}", early.text());
    assert_eq!(stage.appeal(&event, Who::Acme, "I was there.", None).await.status, 403);
    assert!(stage.world.get("/manage/appeals", Who::Office).await.text().contains("No appeal waits"));
}

#[tokio::test]
async fn what_somebody_writes_is_shown_as_text() {
    let stage = Stage::new().await;
    let event = left_early(&stage, 1).await;
    stage.appeal(&event, Who::Ann, HOSTILE, Some((HOSTILE, PNG))).await;
    let why = format!("do=refuse&number=1&why={}", pages::address::segment(HOSTILE));
    let pages = [(staffs(&event, Who::Ann), Who::Acme), (format!("/wallet/missing/{}", event.id), Who::Ann)];
    for round in 0..2 {
        for (path, who) in &pages {
            let page = stage.world.get(path, *who).await;
            assert!(page.text().contains("&#60;script&#62;alert(1)"), "{round} {path}: {}", page.text());
            assert!(!page.text().contains("<script>alert") && !page.text().contains("49\n"), "{round} {path}");
        }
        stage.settle(&event, Who::Ann, Who::Acme, &why).await;
    }
}
