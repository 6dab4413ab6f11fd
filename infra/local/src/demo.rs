//! Demo data: the registers of `demo/register.json`, and the two rosters that the provider's manual shows.
//!
//! Written and dropped as any register and any roster would be: nothing here knows the table's keys or skips the import.

mod accounts;
mod events;
mod past;
mod requirements;

pub use accounts::{DEMO_ACCOUNTS, DEMO_PASSWORD, DemoAccount};

use crate::{Cloud, StartError, files};
use documents::{register_json::RegisterFile, sample};
use domain::{
    course::{Course, ProviderId},
    email::EmailAddress,
    licence::LicenceNumber,
    register::Provider,
};
use jiff::tz::TimeZone;
use std::{fmt::Display, fs};

/// The providers: id, name, license number, address on file.
const PROVIDERS: [(&str, &str, &str, &str); 2] = [
    ("acme-ce", "Acme Continuing Education", "CEP-1001", "office@acme-ce.example"),
    ("northside", "Northside Hospital Education", "CEP-1002", "education@northside.example"),
];

/// The license whose address on file the demo's licensee reads.
const MARIAS: (&str, &str) = ("00012345", "maria.garcia@people.example");

/// The file of the registers, in the form that `ce roster check --registry` reads.
const REGISTER: &str = "demo/register.json";

/// What a workbook is served as.
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The demo's registers.
fn register() -> Result<documents::register_json::Register, StartError> {
    let file = files::here(REGISTER);
    let unreadable =
        |reason: &dyn Display| StartError::DemoUnreadable { file: file.clone(), reason: reason.to_string() };
    let text = fs::read(&file).map_err(|error| unreadable(&error))?;
    RegisterFile::parse(&text).and_then(|file| file.read()).map_err(|error| unreadable(&error))
}

/// Loads the demo data into a cloud. A second time changes nothing but that the rosters are imported again, without effect.
pub async fn load(cloud: &Cloud) -> Result<(), StartError> {
    let registers = register()?.registers;
    let clients = cloud.clients().await?;
    let courses: Vec<Course> = registers.courses.into_values().collect();
    let mut holders: Vec<_> = registers.holders.into_values().flatten().collect();
    for holder in holders.iter_mut().filter(|holder| holder.licence.number.compared() == MARIAS.0) {
        holder.email_on_file = Some(EmailAddress::parse(MARIAS.1).map_err(failed)?);
    }
    for (id, name, licence, email) in PROVIDERS {
        let id = ProviderId::parse(id).map_err(failed)?;
        let provider = Provider {
            licence: Some(LicenceNumber::parse(licence).map_err(failed)?),
            email_on_file: Some(EmailAddress::parse(email).map_err(failed)?),
            ..Provider::named(id, name)
        };
        clients.table.save_provider(&provider).await.map_err(failed)?;
    }
    clients.table.save_courses(&courses).await.map_err(failed)?;
    clients.table.save_holders(&holders).await.map_err(failed)?;
    let rosters = [
        ("drop/acme-ce/successful-roster.xlsx", sample::successful_example().map_err(failed)?),
        ("drop/acme-ce/failed-roster.xlsx", sample::failed_example().map_err(failed)?),
    ];
    for (key, workbook) in rosters {
        clients.objects.save_bytes(key, workbook, WORKBOOK).await.map_err(failed)?;
    }
    let names = PROVIDERS.map(|(id, name, ..)| (id, name));
    let today = adapters::clock::day_in(&TimeZone::UTC, adapters::clock::now());
    events::load(cloud, &courses, &names, today).await?;
    requirements::load(cloud, today).await?;
    if let Some(pages) = cloud.portal_url() {
        accounts::make_all(cloud, pages).await?;
    }
    events::load_past(cloud, &courses, &names, today).await
}

fn failed(error: impl Display) -> StartError {
    StartError::DemoFailed { reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registers_hold_what_the_sample_rosters_need() {
        let registers = register().unwrap().registers;
        let holders: usize = registers.holders.values().map(Vec::len).sum();
        assert_eq!((registers.courses.len(), holders), (30, 200));
        for (number, profession) in [("00012345", "RN"), ("RN204817", "RN"), ("LPC30921", "LPC")] {
            let found = &registers.holders[number];
            assert_eq!((found.len(), found[0].licence.profession.as_str()), (1, profession), "{number}");
        }
        let offered = |number: &str, provider: &str| {
            let found = registers.courses.values().find(|course| course.number.as_str() == number).unwrap();
            found.providers.iter().any(|id| id.as_str() == provider)
        };
        assert!(["ETH-101", "PHM-220", "LAW-015"].iter().all(|number| offered(number, "acme-ce")));
        assert!(offered("NSD-400", "northside") && !offered("NSD-400", "acme-ce"));
    }

    #[test]
    fn the_registers_hold_the_cases_that_people_ask_about() {
        let registers = register().unwrap().registers;
        assert_eq!(registers.holders["700700"].len(), 2, "one number, two professions");
        assert!(registers.holders["RN118204"][0].active_to.is_some(), "a lapsed license");
        assert!(registers.courses.values().any(|course| course.approved_to.is_some_and(|last| last.year() < 2026)));
        assert!(registers.courses.values().any(|course| course.providers.len() == 2));
    }
}
