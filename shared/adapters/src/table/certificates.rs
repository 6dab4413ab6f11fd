//! The register of certificates, by their codes, and the public keys that their credentials can be checked with.
//!
//! ```text
//! CERTIFICATE#{code}, CERTIFICATE    what it says, the hashes of its files, whether it still counts; put once. Of a code that was given
//!                                    up before anything was entered, only that: nothing can be entered under it any more
//! CERTIFICATE-KEYS, {id}             a public key; put once and never taken away
//! ORGANISATION, CERTIFICATION        who signs, and how long evaluations can be submitted
//! ```

use super::{By, Table, TableError, Transacted, item::*, organisation, part::Part, transact::key};
use aws_sdk_dynamodb::{
    operation::{put_item::PutItemError, update_item::UpdateItemError},
    types::TransactWriteItem,
};
use domain::{
    certificate::{CertificateData, CertificateRecord, Signatory, Validity},
    completion::EvaluationTimes,
    id::{AccountId, CertificateCode, EventId},
};
use std::collections::BTreeMap;

/// More keys than a deployment changes to in a century of yearly rotation.
const MOST_KEYS: i32 = 100;

/// A public key that credentials are checked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedKey {
    /// Its id.
    pub id: String,
    /// The key, as a multikey in base58: `z6Mk…`.
    pub multibase: String,
    /// When it was first signed with, in seconds since 1970.
    pub from: i64,
}

/// The organisation's settings about evaluations and certificates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Certification {
    /// How long an evaluation can be submitted, and when people are reminded.
    pub times: EvaluationTimes,
    /// Who signs certificates; `None` for nobody.
    pub signatory: Option<Signatory>,
    /// The name of the signature's picture among the pages' files.
    pub signature: Option<String>,
    /// Rises with each change; 0 before the first.
    pub version: u64,
}

impl Table {
    /// A certificate by its code.
    pub async fn fetch_certificate(&self, code: &CertificateCode) -> Result<Option<CertificateRecord>, TableError> {
        self.fetch_item(certificate_key(code), false).await?.as_ref().and_then(entered).transpose()
    }

    /// The same as it stands at this moment: for whoever ends it, who must not miss one that was entered just now.
    pub async fn fetch_certificate_of_now(
        &self,
        code: &CertificateCode,
    ) -> Result<Option<CertificateRecord>, TableError> {
        self.fetch_item(certificate_key(code), true).await?.as_ref().and_then(entered).transpose()
    }

    /// Certificates by their codes; those that aren't made yet are left out.
    pub async fn fetch_certificates(
        &self,
        codes: &[CertificateCode],
    ) -> Result<BTreeMap<CertificateCode, CertificateRecord>, TableError> {
        let mut found = BTreeMap::new();
        for batch in codes.chunks(100) {
            for item in self.fetch_batch(batch.iter().map(certificate_key).collect()).await? {
                let Some(record) = entered(&item).transpose()? else { continue };
                found.insert(record.data.code.clone(), record);
            }
        }
        Ok(found)
    }

    /// Enters a certificate, once; tells whether it was new. Under a code that was [given up](Self::give_up_certificate) none is. What the bodies' statements and the disclaimer say stands in its files:
    /// the register has what is credited.
    pub async fn enter_certificate(&self, record: &CertificateRecord) -> Result<bool, TableError> {
        let put = self.client.put_item().table_name(&self.name).set_item(Some(record_item(record)?));
        match put.condition_expression("attribute_not_exists(pk)").send().await {
            Ok(_) => Ok(true),
            Err(error) => match error.as_service_error() {
                Some(PutItemError::ConditionalCheckFailedException(_)) => Ok(false),
                _ => Err(TableError::from_sdk(error)),
            },
        }
    }

    /// Gives a code up under which nothing was entered: whoever is still making its certificate can't enter it any more. `false` if
    /// something stands there, which may be that it was given up before.
    pub async fn give_up_certificate(&self, code: &CertificateCode) -> Result<bool, TableError> {
        Ok(self.transact(vec![self.given_up(code)?]).await? == Transacted::Done)
    }

    /// The same in the transaction that puts another code in its place.
    pub(super) fn given_up(&self, code: &CertificateCode) -> Result<TransactWriteItem, TableError> {
        let mut made = certificate_key(code);
        made.insert("state".to_owned(), s(GIVEN_UP));
        self.put_new(made)
    }

    /// Says that a certificate doesn't count any more: for one that does. Tells whether it was said now; a certificate that was
    /// replaced or revoked before, or was never made, stays as it is.
    pub async fn end_certificate(&self, code: &CertificateCode, validity: &Validity) -> Result<bool, TableError> {
        let answer = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(certificate_key(code)))
            .update_expression("SET validity = :validity, #state = :state, version = version + :one")
            .condition_expression("#state = :valid")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":validity", s(json(validity)?))
            .expression_attribute_values(":state", s(validity.as_str()))
            .expression_attribute_values(":valid", s(Validity::Valid.as_str()))
            .expression_attribute_values(":one", n(1))
            .send()
            .await;
        match answer {
            Ok(_) => Ok(true),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(false),
                _ => Err(TableError::from_sdk(error)),
            },
        }
    }

    /// Says which certificate was issued instead of one that was revoked, as a replaced one says it. Tells whether it was said now: one
    /// that isn't revoked, or says it already, stays as it is.
    pub async fn name_successor(&self, code: &CertificateCode, by: &CertificateCode) -> Result<bool, TableError> {
        let Some(record) = self.fetch_certificate_of_now(code).await? else { return Ok(false) };
        let Validity::Revoked { at, why, successor: None } = record.validity else { return Ok(false) };
        let validity = Validity::Revoked { at, why, successor: Some(by.clone()) };
        let values = item([(":validity", s(json(&validity)?)), (":one", n(1)), (":was", n(record.version))]);
        let update = "SET validity = :validity, version = version + :one";
        let write = self.update_if(certificate_key(code), update, "version = :was", values)?;
        match self.transact(vec![write]).await? {
            Transacted::Done => Ok(true),
            Transacted::Refused(_) => Err(TableError::Throttled),
        }
    }

    /// Publishes a key, once.
    pub async fn publish_key(&self, published: &PublishedKey) -> Result<(), TableError> {
        let mut made = key(KEYS, &published.id);
        made.extend(item([("multibase", s(&published.multibase)), ("from", n(published.from))]));
        let put = self.client.put_item().table_name(&self.name).set_item(Some(made));
        match put.condition_expression("attribute_not_exists(pk)").send().await {
            Ok(_) => Ok(()),
            Err(error) => match error.as_service_error() {
                Some(PutItemError::ConditionalCheckFailedException(_)) => Ok(()),
                _ => Err(TableError::from_sdk(error)),
            },
        }
    }

    /// All keys that credentials were ever signed with.
    pub async fn fetch_keys(&self) -> Result<Vec<PublishedKey>, TableError> {
        let published = |item: &Item| {
            Ok(PublishedKey {
                id: text(item, "sk")?.to_owned(),
                multibase: text(item, "multibase")?.to_owned(),
                from: number(item, "from")?,
            })
        };
        Ok(self.fetch_page(Part::of(KEYS), None, MOST_KEYS, published).await?.0)
    }

    /// The settings about evaluations and certificates; the default ones before the first change.
    pub async fn fetch_certification(&self) -> Result<Certification, TableError> {
        let Some(item) = self.fetch_item(certification_key(), false).await? else {
            return Ok(Certification::default());
        };
        let bad = |_| TableError::BadItem("certification");
        let signatory = optional_text(&item, "signatory").map(|text| serde_json::from_str(&text)).transpose();
        Ok(Certification {
            times: serde_json::from_str(text(&item, "times")?).map_err(bad)?,
            signatory: signatory.map_err(bad)?,
            signature: optional_text(&item, "signature"),
            version: number(&item, "version")?,
        })
    }

    /// Saves them over the version that they carry; `false` if somebody has changed them since.
    pub async fn save_certification(&self, settings: &Certification, by: By<'_>) -> Result<bool, TableError> {
        let mut made = certification_key();
        made.insert("times".to_owned(), s(json(&settings.times)?));
        if let Some(signatory) = &settings.signatory {
            made.insert("signatory".to_owned(), s(json(signatory)?));
        }
        if let Some(signature) = &settings.signature {
            made.insert("signature".to_owned(), s(signature));
        }
        let writes = vec![
            self.put_version(made, settings.version)?,
            self.put_new(organisation::audit_item("CERTIFICATION", settings.version + 1, by))?,
        ];
        Ok(self.transact(writes).await? == Transacted::Done)
    }
}

const KEYS: &str = "CERTIFICATE-KEYS";
/// The state of a code that was given up before anything was entered.
const GIVEN_UP: &str = "given_up";

fn certification_key() -> Item {
    key(organisation::PARTITION, "CERTIFICATION")
}

fn certificate_key(code: &CertificateCode) -> Item {
    key(format!("CERTIFICATE#{code}"), "CERTIFICATE")
}

fn json(value: &impl serde::Serialize) -> Result<String, TableError> {
    serde_json::to_string(value).map_err(|_| TableError::BadItem("certificate"))
}

fn record_item(record: &CertificateRecord) -> Result<Item, TableError> {
    let mut data: CertificateData = record.data.clone();
    data.disclaimer.clear();
    for credit in &mut data.credits {
        credit.statement.clear();
    }
    let mut made = certificate_key(&data.code);
    made.extend(item([
        ("data", s(json(&data)?)),
        ("event", s(record.event.as_str())),
        ("account", s(record.account.as_str())),
        ("files", s(json(&record.files)?)),
        ("key", s(&record.key)),
        ("validity", s(json(&record.validity)?)),
        ("state", s(record.validity.as_str())),
        ("version", n(record.version)),
    ]));
    Ok(made)
}

/// What was entered; nothing under a code that was given up.
fn entered(item: &Item) -> Option<Result<CertificateRecord, TableError>> {
    (optional_text(item, "state").as_deref() != Some(GIVEN_UP)).then(|| record(item))
}

fn record(item: &Item) -> Result<CertificateRecord, TableError> {
    let bad = |_| TableError::BadItem("certificate");
    Ok(CertificateRecord {
        data: serde_json::from_str(text(item, "data")?).map_err(bad)?,
        event: EventId::parse(text(item, "event")?).map_err(|_| TableError::BadItem("event"))?,
        account: AccountId::parse(text(item, "account")?).map_err(|_| TableError::BadItem("account"))?,
        files: serde_json::from_str(text(item, "files")?).map_err(bad)?,
        key: text(item, "key")?.to_owned(),
        validity: serde_json::from_str(text(item, "validity")?).map_err(bad)?,
        version: number(item, "version")?,
    })
}
