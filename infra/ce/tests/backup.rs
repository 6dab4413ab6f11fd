//! `ce backup`, `ce restore` and `ce audit` against a real table and real buckets: dumped, wiped, put back, equal; and nothing is put where something
//! else stands, or from a backup that isn't whole.

use adapters::config::Settings;
use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use local::{Cloud, Options, functions::BINARIES};
use std::{
    collections::{BTreeMap, HashMap},
    ffi::OsStr,
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Output},
};

/// A deployment in which no function ever comes up: nothing changes but what is written here.
struct Deployment {
    cloud: Cloud,
    settings: Settings,
    dynamodb: aws_sdk_dynamodb::Client,
    s3: aws_sdk_s3::Client,
}

impl Deployment {
    async fn start(directory: &Path) -> Self {
        for name in BINARIES {
            let file = directory.join(name);
            fs::write(&file, "#!/bin/sh\nsleep 60\n").unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let cloud = Cloud::start(Options { functions: Some(directory.to_path_buf()), ..Options::default() }).unwrap();
        let environment: HashMap<String, String> =
            cloud.environment().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let settings = Settings::read(|name| environment.get(name).cloned()).unwrap();
        let config = cloud.sdk_config().await;
        let s3 = aws_sdk_s3::config::Builder::from(&config).force_path_style(true).build();
        let (dynamodb, s3) = (aws_sdk_dynamodb::Client::new(&config), aws_sdk_s3::Client::from_conf(s3));
        Self { cloud, settings, dynamodb, s3 }
    }

    fn ce(&self, command: &str, folder: &Path) -> Output {
        self.ce_with(&[command.as_ref(), folder.as_os_str()])
    }

    fn ce_with(&self, arguments: &[&OsStr]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_ce")).args(arguments).envs(self.cloud.environment()).output().unwrap()
    }

    fn buckets(&self) -> [&str; 2] {
        [&self.settings.roster_bucket, &self.settings.certificate_bucket]
    }

    async fn save(&self, number: usize) {
        let text = |text: String| AttributeValue::S(text);
        let hours = AttributeValue::M(HashMap::from([("hundredths".to_owned(), AttributeValue::N("150".to_owned()))]));
        let put = self.dynamodb.put_item().table_name(&self.settings.table_name);
        put.item("pk", text(format!("LICENCE#{number}")))
            .item("sk", text("CREDIT#\n\u{1F600}".to_owned()))
            .item("gsi1pk", text("EVENT#1".to_owned()))
            .item("gsi1sk", text(format!("{number}")))
            .item("hours", hours)
            .item("hash", AttributeValue::B(Blob::new([0, 159, 255])))
            .send()
            .await
            .unwrap();
    }

    async fn save_file(&self, bucket: &str, key: &str, bytes: &[u8]) {
        let put = self.s3.put_object().bucket(bucket).key(key).body(bytes.to_vec().into());
        put.content_type("application/pdf").metadata("about", "evidence").send().await.unwrap();
    }

    async fn keys(&self, bucket: &str) -> Vec<String> {
        let listed = self.s3.list_objects_v2().bucket(bucket).send().await.unwrap();
        listed.contents().iter().filter_map(|object| object.key().map(ToOwned::to_owned)).collect()
    }

    async fn items(&self) -> Vec<HashMap<String, AttributeValue>> {
        self.dynamodb.scan().table_name(&self.settings.table_name).send().await.unwrap().items().to_vec()
    }

    async fn forget(&self, item: &HashMap<String, AttributeValue>) {
        let delete = self.dynamodb.delete_item().table_name(&self.settings.table_name);
        delete.key("pk", item["pk"].clone()).key("sk", item["sk"].clone()).send().await.unwrap();
    }

    /// As after a disaster: a stack with the same template, and nothing in it.
    async fn wipe(&self) {
        for item in self.items().await {
            self.forget(&item).await;
        }
        for bucket in self.buckets() {
            let versions = self.s3.list_object_versions().bucket(bucket).send().await.unwrap();
            let named = |version: &aws_sdk_s3::types::ObjectVersion| {
                let object = ObjectIdentifier::builder().key(version.key().unwrap());
                object.set_version_id(version.version_id().map(ToOwned::to_owned)).build().unwrap()
            };
            let all: Vec<ObjectIdentifier> = versions.versions().iter().map(named).collect();
            let delete = Delete::builder().set_objects(Some(all)).build().unwrap();
            let call = self.s3.delete_objects().bucket(bucket).delete(delete).bypass_governance_retention(true);
            call.send().await.unwrap();
            assert_eq!(self.keys(bucket).await, Vec::<String>::new());
        }
        assert!(self.items().await.is_empty());
    }
}

/// What a backup says, in an order of its own.
fn told(folder: &Path) -> [Vec<String>; 2] {
    ["table.jsonl", "objects.jsonl"].map(|list| {
        let mut lines: Vec<String> =
            fs::read_to_string(folder.join(list)).unwrap().lines().map(ToOwned::to_owned).collect();
        lines.sort();
        lines
    })
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[tokio::test]
async fn what_is_dumped_wiped_and_put_back_is_equal() {
    let (binaries, folders) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let deployment = Deployment::start(binaries.path()).await;
    let [rosters, certificates] = deployment.buckets();
    deployment.wipe().await;
    for number in 0..60 {
        deployment.save(number).await;
    }
    deployment.save_file(rosters, "drop/acme-ce/../../june ü.xlsx", b"a roster").await;
    deployment.save_file(rosters, "evidence/1", &vec![7; 300_000]).await;
    deployment.save_file(certificates, "certificates/1/certificate.pdf", b"a certificate").await;
    // The same bytes twice are one file of the backup.
    deployment.save_file(certificates, "certificates/2/certificate.pdf", b"a certificate").await;

    let first = folders.path().join("first");
    let made = deployment.ce("backup", &first);
    assert!(made.status.success() && words(&made).contains("60 items and 4 files are in"), "{}", words(&made));
    assert_eq!(fs::metadata(&first).unwrap().permissions().mode() & 0o777, 0o700, "its owner's alone");
    assert_eq!(fs::read_dir(first.join("objects")).unwrap().count(), 3);
    let again = deployment.ce("backup", &first);
    assert!(again.status.code() == Some(2) && words(&again).contains("is there already"), "{}", words(&again));

    let here = deployment.ce("restore", &first);
    assert_eq!(here.status.code(), Some(2), "the files that came otherwise aren't the backup's: {}", words(&here));
    assert!(words(&here).contains("holds a file in its bucket of rosters"), "{}", words(&here));

    deployment.wipe().await;
    let back = deployment.ce("restore", &first);
    assert!(back.status.success() && words(&back).contains("60 items and 4 files are back."), "{}", words(&back));
    let second = folders.path().join("second");
    assert!(deployment.ce("backup", &second).status.success());
    assert_eq!(told(&second), told(&first));
    let head = deployment.s3.head_object().bucket(certificates).key("certificates/2/certificate.pdf");
    let head = head.send().await.unwrap();
    assert_eq!(head.content_type(), Some("application/pdf"));
    assert_eq!(head.metadata().and_then(|about| about.get("about")).map(String::as_str), Some("evidence"));

    // One that died half-way is run again: what is there stays as it is, the rest comes.
    for item in deployment.items().await.iter().step_by(2) {
        deployment.forget(item).await;
    }
    deployment.s3.delete_object().bucket(rosters).key("evidence/1").send().await.unwrap();
    assert!(deployment.ce("restore", &first).status.success());
    let third = folders.path().join("third");
    assert!(deployment.ce("backup", &third).status.success());
    assert_eq!(told(&third), told(&first));
    let versions = deployment.s3.list_object_versions().bucket(certificates).send().await.unwrap();
    assert_eq!(versions.versions().len(), 2, "no file was written a second time");

    // Something of somebody else's, and nothing is written.
    deployment.save(60).await;
    let gone = deployment.items().await.swap_remove(0);
    deployment.forget(&gone).await;
    let refused = deployment.ce("restore", &first);
    assert!(refused.status.code() == Some(2), "{}", words(&refused));
    assert!(words(&refused).contains("holds an item in its table"), "{}", words(&refused));
    assert_eq!(deployment.items().await.len(), 60, "neither came anything back nor went anything");
}

#[tokio::test]
async fn a_backup_that_isnt_whole_is_told_and_nothing_of_it_is_put_back() {
    let (binaries, folders) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let deployment = Deployment::start(binaries.path()).await;
    deployment.wipe().await;
    deployment.save(1).await;
    deployment.save_file(deployment.buckets()[0], "evidence/1", b"a report").await;
    let folder = folders.path().join("sound");
    assert!(deployment.ce("backup", &folder).status.success());
    deployment.wipe().await;
    let seal: BTreeMap<String, serde_json::Value> =
        serde_json::from_slice(&fs::read(folder.join("backup.json")).unwrap()).unwrap();
    let evidence = fs::read_dir(folder.join("objects")).unwrap().next().unwrap().unwrap().path();
    let table = folder.join("table.jsonl");
    let (sound_table, sound_evidence) = (fs::read(&table).unwrap(), fs::read(&evidence).unwrap());
    let refused = |what: &str| {
        let answer = deployment.ce("restore", &folder);
        assert!(answer.status.code() == Some(2) && words(&answer).contains(what), "{what}: {}", words(&answer));
    };

    fs::write(&table, String::from_utf8(sound_table.clone()).unwrap().replace("150", "950")).unwrap();
    refused("table.jsonl isn't as it was sealed");
    fs::write(&table, &sound_table).unwrap();
    fs::write(&evidence, b"a repord").unwrap();
    refused("isn't as it was sealed");
    fs::remove_file(&evidence).unwrap();
    refused("isn't as it was sealed");
    fs::write(&evidence, sound_evidence).unwrap();
    let later = seal.into_iter().map(|(name, value)| if name == "format" { (name, 2.into()) } else { (name, value) });
    let later: BTreeMap<String, serde_json::Value> = later.collect();
    fs::write(folder.join("backup.json"), serde_json::to_vec(&later).unwrap()).unwrap();
    refused("This backup has format 2");
    fs::remove_file(folder.join("backup.json")).unwrap();
    refused("isn't a backup");
    assert!(deployment.items().await.is_empty() && deployment.keys(deployment.buckets()[0]).await.is_empty());
}

#[tokio::test]
async fn a_record_that_was_changed_behind_the_products_back_is_found() {
    let (binaries, folders) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let deployment = Deployment::start(binaries.path()).await;
    deployment.wipe().await;
    deployment.save(1).await;
    deployment.save_file(deployment.buckets()[0], "evidence/1", b"a report").await;
    let [first, second, third] = ["first", "second", "third"].map(|name| folders.path().join(name));
    let after = |folder: &Path, earlier: &Path| {
        let arguments = ["backup".as_ref(), folder.as_os_str(), "--after".as_ref(), earlier.as_os_str()];
        assert!(deployment.ce_with(&arguments).status.success());
    };
    assert!(deployment.ce("backup", &first).status.success());
    after(&second, &first);
    let audit = |folders: &[&Path]| {
        let arguments: Vec<&OsStr> =
            [OsStr::new("audit")].into_iter().chain(folders.iter().map(|path| path.as_os_str())).collect();
        let answer = deployment.ce_with(&arguments);
        (answer.status.code(), words(&answer))
    };
    let (code, told) = audit(&[&first, &second]);
    assert!(code == Some(0) && told.contains("2 records looked at") && told.contains("Nothing was changed."), "{told}");

    let mut credit = deployment.items().await.swap_remove(0);
    credit.insert("hours".to_owned(), AttributeValue::N("950".to_owned()));
    let put = deployment.dynamodb.put_item().table_name(&deployment.settings.table_name);
    put.set_item(Some(credit)).send().await.unwrap();
    deployment.save_file(deployment.buckets()[0], "evidence/1", b"another report").await;
    after(&third, &second);
    let (code, told) = audit(&[&first, &second, &third]);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("was changed, and its version wasn't") && told.contains("the file evidence/1"), "{told}");

    let (code, told) = audit(&[&first, &third]);
    assert!(code == Some(1) && told.contains("made after another one than this"), "{told}");
    fs::write(second.join("table.jsonl"), b"").unwrap();
    let (code, told) = audit(&[&first, &second]);
    assert!(code == Some(2) && told.contains("table.jsonl isn't as it was sealed"), "{told}");
}
