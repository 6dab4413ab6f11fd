//! What may never change, compared between backups: histories, requirement sets, credits, evidence, certificates. Whoever changes a record
//! behind the product's back leaves no history of it, or has to change every backup since, and the seals that were kept elsewhere.

use super::{
    folder::{Folder, FolderError, ITEMS},
    item::{self, Item},
};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

type ItemDigest = [u8; 32];
/// An item's pk and sk, or a file's bucket and key.
type Place = (String, String);

/// What a backup says of what may never change.
#[derive(Debug, Default)]
pub(super) struct Snapshot {
    /// What is written once.
    kept: BTreeMap<Place, ItemDigest>,
    /// A credit's version and what it says.
    credits: BTreeMap<Place, (u32, ItemDigest)>,
    certificates: BTreeSet<Place>,
    files: BTreeMap<Place, String>,
    pub(super) seal: String,
    after: Option<String>,
}

impl Snapshot {
    pub(super) fn read(folder: &Folder) -> Result<Self, FolderError> {
        let mut snapshot = Self { seal: folder.seal_digest()?, after: folder.after()?, ..Self::default() };
        for line in folder.lines(ITEMS)? {
            let line = line?;
            let item = item::from_line(&line).ok_or_else(|| FolderError::Broken(ITEMS.to_owned()))?;
            snapshot.take(&item, &line);
        }
        for object in folder.objects()? {
            let object = object?;
            if is_kept_file(&object.key) {
                snapshot.files.insert((object.bucket, object.key), object.digest);
            }
        }
        Ok(snapshot)
    }

    fn take(&mut self, item: &Item, line: &str) {
        let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok()).cloned().unwrap_or_default();
        let place = (text("pk"), text("sk"));
        let digest = Sha256::digest(line).into();
        if place.0.starts_with("LICENCE#") && place.1.starts_with("CREDIT#") {
            // As it was recorded it has no number of its own.
            let version =
                item.get("version").and_then(|value| value.as_n().ok()).and_then(|number| number.parse().ok());
            self.credits.insert(place, (version.unwrap_or(1), digest));
        } else if is_kept(&place) {
            self.kept.insert(place, digest);
        } else if place.0.starts_with("CERTIFICATE#") {
            self.certificates.insert(place);
        }
    }

    /// How many records are looked at.
    pub(super) fn records(&self) -> usize {
        self.kept.len() + self.credits.len() + self.certificates.len() + self.files.len()
    }

    /// What is wrong with this backup alone: a credit was changed, and what stood before isn't in its history.
    pub(super) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for ((pk, sk), (version, _)) in &self.credits {
            let course = sk.trim_start_matches("CREDIT#");
            for before in 1..*version {
                if !self.kept.contains_key(&(pk.clone(), format!("HISTORY#{course}#{before:06}"))) {
                    faults.push(format!(
                        "{pk} {sk} is in version {version}, and its version {before} isn't in its history"
                    ));
                }
            }
        }
        faults
    }

    /// What was changed since an earlier backup that may not be.
    pub(super) fn faults_since(&self, earlier: &Self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.after.as_ref().is_some_and(|after| *after != earlier.seal) {
            faults.push("the later backup was made after another one than this: its seal names that one's".to_owned());
        }
        for ((pk, sk), digest) in &earlier.kept {
            match self.kept.get(&(pk.clone(), sk.clone())) {
                None => faults.push(format!("{pk} {sk} is gone: it is written once, for good")),
                Some(now) if now != digest => {
                    faults.push(format!("{pk} {sk} was changed: it is written once, for good"))
                }
                Some(_) => {}
            }
        }
        for ((pk, sk), (version, digest)) in &earlier.credits {
            match self.credits.get(&(pk.clone(), sk.clone())) {
                None => faults.push(format!("{pk} {sk} is gone: a credit is withdrawn, never deleted")),
                Some((now, _)) if now < version => {
                    faults.push(format!("{pk} {sk} went back from version {version} to {now}"))
                }
                Some((now, said)) if now == version && said != digest => {
                    faults.push(format!("{pk} {sk} was changed, and its version wasn't"));
                }
                Some(_) => {}
            }
        }
        for (pk, sk) in earlier.certificates.difference(&self.certificates) {
            faults.push(format!("{pk} {sk} is gone: a certificate is revoked, never deleted"));
        }
        for ((bucket, key), digest) in &earlier.files {
            match self.files.get(&(bucket.clone(), key.clone())) {
                None => faults.push(format!("the file {key} is gone from {bucket}")),
                Some(now) if now != digest => faults.push(format!("the file {key} of {bucket} was changed")),
                Some(_) => {}
            }
        }
        faults
    }
}

/// Histories, the trail of the registers, and the versions of requirement sets are written once.
fn is_kept((pk, sk): &Place) -> bool {
    sk.starts_with("HISTORY#") || pk.starts_with("AUDIT#") || (pk.starts_with("REQUIREMENTS#") && sk.starts_with('V'))
}

/// Evidence and certificates are put once; a certificate's status is put again when it is revoked.
fn is_kept_file(key: &str) -> bool {
    key.starts_with("evidence/") || (key.starts_with("certificates/") && !key.ends_with("/status.json"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_dynamodb::types::AttributeValue;

    /// A snapshot of items, each with what it says in one attribute.
    fn snapshot(items: &[(&str, &str, u32, &str)]) -> Snapshot {
        let mut snapshot = Snapshot::default();
        for (pk, sk, version, says) in items {
            let text = |text: &str| AttributeValue::S(text.to_owned());
            let mut item = Item::from([("pk".to_owned(), text(pk)), ("sk".to_owned(), text(sk))]);
            item.insert("says".to_owned(), text(says));
            if *version > 1 {
                item.insert("version".to_owned(), AttributeValue::N(version.to_string()));
            }
            snapshot.take(&item, &item::to_line(&item).unwrap());
        }
        snapshot
    }

    const LICENCE: &str = "LICENCE#TX-BON#RN#1";
    const CREDIT: &str = "CREDIT#2026-01-02#ETH-101";
    const FIRST: (&str, &str, u32, &str) = (LICENCE, CREDIT, 1, "2.00");
    const HISTORY: (&str, &str, u32, &str) = (LICENCE, "HISTORY#2026-01-02#ETH-101#000001", 1, "2.00");

    #[test]
    fn a_corrected_credit_has_its_history_and_any_other_change_is_told() {
        let before = snapshot(&[FIRST]);
        let corrected = snapshot(&[(LICENCE, CREDIT, 2, "1.50"), HISTORY]);
        assert_eq!(corrected.faults(), Vec::<String>::new());
        assert_eq!(corrected.faults_since(&before), Vec::<String>::new());
        assert_eq!(before.faults_since(&before), Vec::<String>::new());

        let without = snapshot(&[(LICENCE, CREDIT, 2, "1.50")]);
        assert!(without.faults()[0].ends_with("is in version 2, and its version 1 isn't in its history"));
        let silent = snapshot(&[(LICENCE, CREDIT, 1, "9.50")]);
        assert!(silent.faults_since(&before)[0].ends_with("was changed, and its version wasn't"));
        assert!(snapshot(&[]).faults_since(&before)[0].ends_with("is gone: a credit is withdrawn, never deleted"));
        assert!(before.faults_since(&corrected).iter().any(|fault| fault.ends_with("went back from version 2 to 1")));
    }

    #[test]
    fn what_is_written_once_is_neither_changed_nor_gone() {
        let set = ("REQUIREMENTS#TX-BON#RN", "V#000001", 1, "20 hours");
        let certificate = ("CERTIFICATE#abc", "CERTIFICATE", 1, "valid");
        let before = snapshot(&[HISTORY, set, certificate]);
        assert_eq!(before.records(), 3);
        let revoked = snapshot(&[HISTORY, set, ("CERTIFICATE#abc", "CERTIFICATE", 2, "revoked")]);
        assert_eq!(revoked.faults_since(&before), Vec::<String>::new(), "a certificate's state may change");
        let touched = snapshot(&[("REQUIREMENTS#TX-BON#RN", "V#000001", 1, "10 hours")]);
        let faults = touched.faults_since(&before).join("; ");
        for told in ["ETH-101#000001 is gone", "V#000001 was changed", "CERTIFICATE#abc CERTIFICATE is gone"] {
            assert!(faults.contains(told), "{told}: {faults}");
        }
    }

    #[test]
    fn evidence_and_certificates_stay_as_they_are_and_a_status_doesnt() {
        let with = |files: &[(&str, &str)]| Snapshot {
            files: files
                .iter()
                .filter(|(key, _)| is_kept_file(key))
                .map(|(key, digest)| (("rosters".to_owned(), (*key).to_owned()), (*digest).to_owned()))
                .collect(),
            ..Snapshot::default()
        };
        let before = with(&[
            ("evidence/1", "a"),
            ("certificates/1/letter.pdf", "a"),
            ("certificates/1/status.json", "a"),
            ("drop/1", "a"),
        ]);
        assert_eq!(before.records(), 2);
        let after = with(&[("evidence/1", "b"), ("certificates/1/status.json", "b")]);
        assert_eq!(
            after.faults_since(&before),
            ["the file certificates/1/letter.pdf is gone from rosters", "the file evidence/1 of rosters was changed"]
        );
    }

    #[test]
    fn a_chain_names_each_backup_before() {
        let first = Snapshot { seal: "1".to_owned(), ..Snapshot::default() };
        let second = |after: Option<&str>| Snapshot { after: after.map(ToOwned::to_owned), ..Snapshot::default() };
        assert_eq!(second(Some("1")).faults_since(&first), Vec::<String>::new());
        assert_eq!(second(None).faults_since(&first), Vec::<String>::new(), "one that was made without --after");
        assert!(second(Some("2")).faults_since(&first)[0].contains("its seal names that one's"));
    }
}
