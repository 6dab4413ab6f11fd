//! Transcripts made, refused and removed while they are made.

use crate::world::{World, account, code};
use adapters::{
    objects::{forget_transcript, transcript_data_key, transcript_key},
    table::IssuedTranscript,
};
use documents::credential::extract_credential;
use domain::{
    certificate::Paper,
    id::TranscriptId,
    transcript::{Cover, TranscriptChoice, TranscriptData, TranscriptRecord, TranscriptState},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

fn sample(number: u128) -> TranscriptData {
    let sample = include_str!("../../../../shared/documents/samples/transcript.json");
    let data: TranscriptData = serde_json::from_str(sample).unwrap();
    TranscriptData { code: code(number), verify_at: format!("http://check.test/verify/{}", code(number)), ..data }
}

impl World {
    /// Ann asks for a transcript that says this, as the page does it.
    async fn ask(&self, data: &TranscriptData) -> TranscriptRecord {
        let id = TranscriptId::of(&[data.code.as_str()]);
        let asked = TranscriptRecord {
            id,
            code: data.code.clone(),
            choice: TranscriptChoice { licence: None, cover: Cover::Everything, paper: Paper::Letter },
            asked_at: 1,
            state: TranscriptState::Asked,
        };
        assert!(self.clients.table.ask_transcript(&account(), &asked).await.unwrap());
        self.clients.objects.freeze_transcript(&account(), &asked.id, data).await.unwrap();
        asked
    }

    /// Delivers the message about it; whether it was handled to its end. Each time by a process that knows nothing yet.
    async fn deliver_transcript(&self, asked: &TranscriptRecord) -> bool {
        let about = json!({ "account": account().as_str(), "id": asked.id.as_str() });
        let body = json!({ "transcript": about }).to_string();
        let batch = json!({ "Records": [{ "messageId": "m", "body": body }] });
        let world = render_certificate::World::new(self.clients.clone(), self.settings.clone());
        let answer = render_certificate::handle(batch, &world).await.unwrap();
        answer["batchItemFailures"].as_array().unwrap().is_empty()
    }

    async fn state(&self, asked: &TranscriptRecord) -> Option<TranscriptState> {
        let found = self.clients.table.fetch_transcript(&account(), &asked.id).await.unwrap();
        found.map(|record| record.state)
    }

    async fn issued(&self, asked: &TranscriptRecord) -> Option<IssuedTranscript> {
        self.clients.table.fetch_issued_transcript(&asked.code).await.unwrap()
    }

    fn file(&self, asked: &TranscriptRecord) -> Option<Vec<u8>> {
        self.on_shelf(&format!("rosters/{}", transcript_key(&account(), &asked.id)))
    }
}

#[tokio::test]
async fn a_transcript_is_made_once_though_its_message_comes_twice() {
    let world = World::new().await;
    let asked = world.ask(&sample(7)).await;
    assert_eq!(world.issued(&asked).await, None, "nobody can check what isn't made yet");
    assert!(world.deliver_transcript(&asked).await);
    let pdf = world.file(&asked).unwrap();
    let sha256 = hex::encode(Sha256::digest(&pdf));
    let made = Some(TranscriptState::Made { sha256: sha256.clone() });
    assert_eq!(world.state(&asked).await, made);
    let issued = IssuedTranscript { account: account(), id: asked.id.clone(), sha256 };
    assert_eq!(world.issued(&asked).await, Some(issued));
    let record: Value = serde_json::from_slice(&extract_credential(&pdf).unwrap()).unwrap();
    assert_eq!(record["id"], format!("http://check.test/verify/{}", code(7)));
    assert!(record["proof"]["verificationMethod"].as_str().unwrap().ends_with("#2026-1"));
    let published = world.clients.table.fetch_keys().await.unwrap();
    assert_eq!(published.len(), 1, "its key is published before it is used");
    assert!(world.deliver_transcript(&asked).await);
    assert_eq!((world.file(&asked).unwrap(), world.state(&asked).await), (pdf, made));
}

#[tokio::test]
async fn what_was_stored_by_a_process_that_died_is_the_transcript() {
    let world = World::new().await;
    let asked = world.ask(&sample(7)).await;
    let gate = world.gate(".pdf");
    let first = world.deliver_transcript(&asked);
    let second = async {
        gate.reached().await;
        // With another key, as after a change of it, its bytes are others: the first that is stored counts.
        world.sign_with("2027-1");
        assert!(world.deliver_transcript(&asked).await);
        gate.open();
    };
    let (done, ()) = tokio::join!(first, second);
    assert!(done);
    let sha256 = hex::encode(Sha256::digest(world.file(&asked).unwrap()));
    assert_eq!(world.state(&asked).await, Some(TranscriptState::Made { sha256 }));
}

#[tokio::test]
async fn a_transcript_that_is_removed_while_it_is_made_leaves_nothing_behind() {
    let world = World::new().await;
    let asked = world.ask(&sample(7)).await;
    let gate = world.gate(".pdf");
    let make = world.deliver_transcript(&asked);
    let remove = async {
        gate.reached().await;
        let stores = (&world.clients.objects, &world.clients.table);
        forget_transcript(stores, &account(), &asked).await.unwrap();
        gate.open();
    };
    let (done, ()) = tokio::join!(make, remove);
    assert!(done);
    let data = format!("rosters/{}", transcript_data_key(&account(), &asked.id));
    assert_eq!((world.file(&asked), world.on_shelf(&data)), (None, None));
    assert_eq!((world.state(&asked).await, world.issued(&asked).await), (None, None));
    // Its message may come once more.
    assert!(world.deliver_transcript(&asked).await);
    assert_eq!(world.file(&asked), None);
}

#[tokio::test]
async fn what_cant_be_printed_is_told_and_nobody_can_check_it() {
    let world = World::new().await;
    let mut data = sample(7);
    data.unassigned[0].title = "Grief \u{1f600}".to_owned();
    let asked = world.ask(&data).await;
    assert!(world.deliver_transcript(&asked).await);
    let Some(TranscriptState::Refused { why }) = world.state(&asked).await else { panic!("it was made") };
    assert!(why.contains("U+1F600") && why.contains("If you have entered it yourself, correct it"), "{why}");
    assert!(
        why.contains("If not, write to certificates@ce.example.org"),
        "what a provider entered isn't theirs: {why}"
    );
    assert_eq!((world.file(&asked), world.issued(&asked).await), (None, None));
}
