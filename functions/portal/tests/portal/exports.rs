//! Exports: what is filtered, as a file that can be uploaded again.

use crate::world::{Who, World, credit, provider};
use adapters::table::credit_reference;
use documents::workbook::RosterFile;
use domain::{
    import::{ImportId, Mode},
    roster::{
        judge::{Credit, ReportingYear, Rules, Verdict, judge},
        record::{Asker, Settled, settle},
        row::ReadRow,
    },
};
use jiff::civil::date;
use std::collections::BTreeSet;

/// The file behind the address that an export leads to.
async fn export(world: &World, form: &str) -> (String, axum::body::Bytes) {
    let answer = world.post("/details/export", Who::Acme, form.to_owned()).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let address = answer.header("location").to_owned();
    let path = address.strip_prefix(&format!("{}/", world.settings.bucket_origin)).unwrap();
    let path = path.split('?').next().unwrap();
    assert!(path.starts_with("rosters/exports/acme-ce/") && address.contains("X-Amz-Signature="), "{address}");
    (address.clone(), world.shelved(path).unwrap())
}

#[tokio::test]
async fn an_export_uploaded_again_changes_nothing() {
    let world = World::new().await;
    world.done("acme-ce", 77, Mode::Import, &[]).await;
    let mut row = 2;
    for (number, first, last) in [("00012345", "-Ann", "=Lee"), ("-7.7", "Zoë", "Müller"), ("RN-3", "+Bo", "@Chen")] {
        let holder = world.holder("TX-BON", "RN", number, first, last).await;
        for course in ["CE-101", "-X/1", "=1+1"] {
            world.course(course).await;
            for day in [date(2026, 1, 31), date(2025, 12, 31)] {
                world.record("acme-ce", credit(&holder, course, day), row).await;
                row += 1;
            }
        }
    }
    for (kind, ending) in [("csv", ".csv"), ("xlsx", ".xlsx")] {
        let (address, bytes) = export(&world, &format!("kind={kind}&sort=oldest")).await;
        assert!(
            address.contains("filename%2A%3DUTF-8%27%27CE%2520Details%2520") && address.contains(ending),
            "{address}"
        );
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("again");
        std::fs::write(&path, bytes).unwrap();
        let file = RosterFile::open(&path).unwrap();
        let mut rows = file.rows().unwrap();
        let mut unchanged = 0;
        while let Some(row) = rows.next_row().unwrap() {
            if row.number > file.headings().row {
                check_unchanged(&world, &ReadRow::read(&row, file.headings())).await;
                unchanged += 1;
            }
        }
        assert_eq!(unchanged, 18, "{kind}");
    }
}

/// The row, imported anew, is already recorded.
async fn check_unchanged(world: &World, row: &ReadRow) {
    let table = &world.clients.table;
    let numbers = BTreeSet::from([row.licence.as_ref().unwrap().compared().to_owned()]);
    let courses = BTreeSet::from([row.course.clone().unwrap()]);
    let registers = table.fetch_registers(&numbers, &courses).await.unwrap();
    let acme = provider("acme-ce");
    let rules =
        Rules { provider: Some(acme.clone()), today: Some(date(2026, 3, 1)), reporting_year: ReportingYear::default() };
    let Verdict::Sound(credit, _) = judge(row, Some(&registers), &rules) else { panic!("row {} fails", row.number) };
    let credit: &Credit = &credit;
    let recorded = table.fetch_recorded(&[credit]).await.unwrap();
    let asker = Asker { provider: &acme, import: &ImportId::from_bits(99), row: row.number };
    assert_eq!(settle(credit, &asker, &recorded[&0]), Settled::Unchanged);
}

#[tokio::test]
async fn an_export_holds_what_the_list_shows_and_nothing_else() {
    let world = World::new().await;
    world.done("acme-ce", 77, Mode::Import, &[]).await;
    let ann = world.holder("TX-BON", "RN", "RN-1", "Ann", "Lee").await;
    let gone = world.record("acme-ce", credit(&ann, "CE-101", date(2026, 1, 31)), 14).await;
    world.record("acme-ce", credit(&ann, "CE-102", date(2026, 1, 30)), 15).await;
    world.record("beta-ce", credit(&ann, "CE-103", date(2026, 1, 29)), 16).await;
    let form = "version=1&reason=%3DHYPERLINK(%22x%22)";
    world.post(&format!("/details/credits/{}/withdraw", credit_reference(&gone)), Who::Acme, form).await;
    let (_, bytes) = export(&world, "kind=csv&state=withdrawn&course=ce-101&surname=&number=&from=&to=&sort=").await;
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(lines[1].starts_with("Ann,Lee,RN-1,CE-101,2026,2026-01-31,1.50,Title of CE-101,Ethics,Withdrawn,\"May roster.xlsx, row 14\",2026-03-01T12:00:00Z,20"), "{text}");
    assert!(lines[1].ends_with("Z,\"'=HYPERLINK(\"\"x\"\")\""), "{text}");
    let (_, bytes) = export(&world, "kind=csv&number=RN-1").await;
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    assert!(text.lines().count() == 3 && !text.contains("CE-103"), "{text}");
    for form in ["kind=pdf", "", "kind=csv&from=soon"] {
        assert_eq!(world.post("/details/export", Who::Acme, form.to_owned()).await.status, 400, "{form}");
    }
}
