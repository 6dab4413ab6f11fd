//! An import's item: how it is written and read.

use super::super::{TableError, item::*};
use super::Held;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    course::ProviderId,
    id::EventId,
    import::{Checkpoint, Counts, Import, ImportId, Lease, Mode, ObjectVersion, Owner, Refusal, State, Subject},
};

/// How long an upload's item is kept when its file isn't known to have come, in seconds: longer than the queue and the
/// dead-letter queue keep the word of its arrival, 14 days each.
const AWAITING_FILE_SECONDS: i64 = 30 * 86_400;

/// The partition of what has work left.
pub(super) const DUE: &str = "DUE#IMPORT";

pub(super) fn key(id: &ImportId) -> Item {
    item([("pk", s(format!("IMPORT#{id}"))), ("sk", s("IMPORT"))])
}

pub(super) fn history_key(owner: &Owner) -> String {
    match owner {
        Owner::Provider(provider) => format!("PROVIDER#{provider}#IMPORTS"),
        Owner::Office => "OFFICE#IMPORTS".to_owned(),
        Owner::Event { event, .. } => format!("EVENT#{event}#IMPORTS"),
    }
}

pub(super) fn json(counts: &Counts) -> Result<String, TableError> {
    serde_json::to_string(counts).map_err(|_| TableError::BadItem("counts"))
}

pub(super) fn state_value(state: State) -> AttributeValue {
    s(state_name(state))
}

pub(super) fn state_name(state: State) -> &'static str {
    match state {
        State::AwaitingFile => "awaiting_file",
        State::Received => "received",
        State::Judging => "judging",
        State::Finishing => "finishing",
        State::Done => "done",
        State::Failed => "failed",
    }
}

pub(super) fn state_named(name: &str) -> Result<State, TableError> {
    [State::AwaitingFile, State::Received, State::Judging, State::Finishing, State::Done, State::Failed]
        .into_iter()
        .find(|state| state_name(*state) == name)
        .ok_or(TableError::BadItem("state"))
}

/// An entry of the audit trail: one per import and ending, so that a second run can't add another.
pub(super) fn audit_item(held: &Held, what: &str, now: i64) -> Item {
    let mut entry =
        item([("pk", s(format!("AUDIT#IMPORT#{}", held.id))), ("sk", s("ENDED")), ("what", s(what)), ("at", n(now))]);
    entry.extend(held.owner.provider().map(|provider| ("provider".to_owned(), s(provider.as_str()))));
    entry
}

pub(super) fn import_item(import: &Import) -> Item {
    let mut made = item([
        ("pk", s(format!("IMPORT#{}", import.id))),
        ("sk", s("IMPORT")),
        ("gsi1pk", s(history_key(&import.owner))),
        ("gsi1sk", s(format!("{}#{}", sortable(import.created_at), import.id))),
        ("subject", s(import.subject.name())),
        ("file_name", s(&import.file_name)),
        (
            "mode",
            s(match import.mode {
                Mode::Check => "check",
                Mode::Import => "import",
            }),
        ),
        ("state", state_value(import.state)),
        ("created_at", n(import.created_at)),
        ("today", s(import.today.to_string())),
        ("lease_epoch", n(import.lease.epoch)),
        ("lease_until", n(import.lease.until)),
        ("readings_begun", n(import.readings_begun)),
        ("tries", n(import.tries)),
    ]);
    let mut put = |name: &str, value: AttributeValue| {
        made.insert(name.to_owned(), value);
    };
    if let Some(object) = &import.object {
        put("object_key", s(&object.key));
        put("object_version", s(&object.version));
        put("object_size", n(object.size));
    }
    if let Some(provider) = import.owner.provider() {
        put("provider", s(provider.as_str()));
    }
    if let Some(event) = import.owner.event() {
        put("event", s(event.as_str()));
    }
    if let Some(check) = &import.follows {
        put("follows", s(check.as_str()));
    }
    match import.state {
        State::AwaitingFile => put("expires_at", n(import.created_at + AWAITING_FILE_SECONDS)),
        State::Received | State::Judging | State::Finishing => {
            put("gsi2pk", s(DUE));
            put("gsi2sk", s(sortable(import.created_at)));
        }
        State::Done | State::Failed => {}
    }
    made
}

pub(super) fn import_id(item: &Item) -> Result<ImportId, TableError> {
    let id = text(item, "pk")?.strip_prefix("IMPORT#").ok_or(TableError::BadItem("pk"))?;
    ImportId::parse(id).map_err(|_| TableError::BadItem("pk"))
}

fn owner(item: &Item) -> Result<Owner, TableError> {
    let Some(id) = optional_text(item, "provider") else { return Ok(Owner::Office) };
    let provider = ProviderId::parse(&id).map_err(|_| TableError::BadItem("provider"))?;
    Ok(match optional_text(item, "event") {
        Some(event) => {
            Owner::Event { event: EventId::parse(&event).map_err(|_| TableError::BadItem("event"))?, provider }
        }
        None => Owner::Provider(provider),
    })
}

pub(super) fn import(item: &Item) -> Result<Import, TableError> {
    let object = match optional_text(item, "object_key") {
        Some(key) => Some(ObjectVersion {
            key,
            version: text(item, "object_version")?.to_owned(),
            size: number(item, "object_size")?,
        }),
        None => None,
    };
    let refusal = optional_text(item, "refusal_code")
        .map(|code| Refusal { code, text: optional_text(item, "refusal_text").unwrap_or_default() });
    let parts = match item.get("parts") {
        None => Vec::new(),
        Some(value) => value
            .as_l()
            .map_err(|_| TableError::BadItem("parts"))?
            .iter()
            .map(|part| part.as_s().cloned().map_err(|_| TableError::BadItem("parts")))
            .collect::<Result<_, _>>()?,
    };
    let follows = optional_text(item, "follows").map(|id| ImportId::parse(&id)).transpose();
    Ok(Import {
        id: import_id(item)?,
        owner: owner(item)?,
        // Imports had no subject before there were registers to import.
        subject: match optional_text(item, "subject") {
            Some(name) => Subject::named(&name).ok_or(TableError::BadItem("subject"))?,
            None => Subject::Roster,
        },
        file_name: text(item, "file_name")?.to_owned(),
        mode: match text(item, "mode")? {
            "check" => Mode::Check,
            "import" => Mode::Import,
            _ => return Err(TableError::BadItem("mode")),
        },
        state: state_named(text(item, "state")?)?,
        created_at: number(item, "created_at")?,
        today: date(item, "today")?,
        object,
        rows_in_file: optional_number(item, "rows_in_file"),
        rosters_left_out: optional_number(item, "rosters_left_out").unwrap_or(0),
        counts: counts(item, "counts")?,
        refusal,
        checkpoint: Checkpoint {
            judged_to_row: optional_number(item, "judged_to_row").unwrap_or(0),
            parts,
            counts: counts(item, "checkpoint_counts")?,
        },
        lease: Lease { epoch: number(item, "lease_epoch")?, until: number(item, "lease_until")? },
        readings_begun: number(item, "readings_begun")?,
        tries: optional_number(item, "tries").unwrap_or(0),
        follows: follows.map_err(|_| TableError::BadItem("follows"))?,
        ended_at: optional_number(item, "ended_at"),
    })
}

pub(super) fn counts(item: &Item, name: &'static str) -> Result<Counts, TableError> {
    match optional_text(item, name) {
        None => Ok(Counts::default()),
        Some(json) => serde_json::from_str(&json).map_err(|_| TableError::BadItem(name)),
    }
}
