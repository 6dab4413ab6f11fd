//! The office's imports of registers: the pages of rosters in other words, and nobody else's.

use crate::world::{Who, World, processed, request};
use axum::body::Body;
use domain::{
    import::{ImportId, Mode, Owner, State, Subject},
    register::reason::Reason,
    roster::{
        heading::Column,
        outcome::{Note, RecordTexts, RowOutcome},
    },
};
use http::Method;

fn licensee() -> RecordTexts {
    let text = |text: &str| Some(text.to_owned());
    RecordTexts::of([(Column::Board, text("TX-BON")), (Column::Profession, None), (Column::LastName, text("Quixwood"))])
}

#[tokio::test]
async fn each_register_has_its_page_with_its_own_sample() {
    let world = World::new().await;
    for (register, title) in
        [("providers", "Import providers"), ("courses", "Import courses"), ("licensees", "Import licensees")]
    {
        let address = format!("/office/registers/{register}/import");
        let page = world.get(&address, Who::Office).await;
        let page = page.text();
        assert!(page.contains(&format!("<h1>{title}</h1>")));
        let sample = format!("/office/registers/{register}/sample.xlsx");
        assert!(page.contains(&format!("href=\"{sample}\"")));
        assert!(page.contains("Click Here to Download Sample Format For Uploads"));
        assert!(page.contains(&format!("action=\"{address}\"")) && page.contains(">Upload CE File</button>"));
        let workbook = world.get(&sample, Who::Office).await;
        assert!(workbook.body.starts_with(b"PK"), "{register}");
        assert!(workbook.header("content-disposition").to_lowercase().contains(register));
    }
    for none in ["roster", "nonsense"] {
        assert_eq!(world.get(&format!("/office/registers/{none}/import"), Who::Office).await.status, 404);
        assert_eq!(world.get(&format!("/office/registers/{none}/sample.xlsx"), Who::Office).await.status, 404);
        let started = world.post(&format!("/office/registers/{none}/import"), Who::Office, "mode=import").await;
        assert_eq!(started.status, 404);
    }
}

#[tokio::test]
async fn the_office_announces_an_import_of_a_register() {
    let world = World::new().await;
    let started = world.post("/office/registers/courses/import", Who::Office, "mode=check").await;
    let page = started.header("location").to_owned();
    let id = ImportId::parse(&page["/import/".len()..]).unwrap();
    let import = world.clients.table.fetch_import(&id).await.unwrap().unwrap();
    assert_eq!((import.owner, import.subject, import.mode), (Owner::Office, Subject::Courses, Mode::Check));
    assert_eq!(import.state, State::AwaitingFile);
    let shown = world.get(&page, Who::Office).await;
    let shown = shown.text();
    assert!(shown.contains("<h1>Import courses</h1>") && shown.contains("Choose the sheet of courses"));
    assert!(shown.contains(&format!(r#"name="key" value="uploads/{id}""#)));

    let ask = request(Method::POST, "/office/registers/licensees/import", Who::Office);
    let ask = ask.header("accept", "application/json");
    let answer = world.send(ask.body(Body::from("mode=import&file_name=June.xlsx")).unwrap()).await;
    let way = answer.json();
    let id = ImportId::parse(way["id"].as_str().unwrap()).unwrap();
    assert_eq!(world.clients.table.fetch_import(&id).await.unwrap().unwrap().subject, Subject::Licensees);
}

#[tokio::test]
async fn the_rows_have_the_columns_of_their_register() {
    let world = World::new().await;
    let reason = Reason::UnreadableEmail.told();
    let rows = [
        RowOutcome::of_processed(2, licensee(), &[Note::Updated { fields: vec!["Last Name".to_owned()] }]),
        RowOutcome::of_processed(3, licensee(), &[Note::OnRegister]),
        RowOutcome::of_failed(4, licensee(), vec![reason]),
    ];
    let import = world.register_done(Subject::Licensees, 5, &rows).await;
    let page = world.get(&format!("/import/{}", import.id), Who::Office).await;
    let page = page.text();
    for column in Subject::Licensees.columns() {
        assert!(page.contains(&format!("scope=\"col\">{}</th>", column.heading())), "{column:?}");
    }
    assert!(!page.contains("CE Year"));
    assert!(page.contains("Quixwood") && page.contains("Updated: Last Name."));
    assert!(page.contains("Unreadable e-mail (1)"));
    assert!(page.contains("1 processed row was already on the register, unchanged."));
    assert!(page.contains("href=\"/office/registers/licensees/import\">All imports</a>"));
    let history = world.get("/office/registers/courses/import", Who::Office).await;
    let history = history.text();
    assert!(history.contains("June.xlsx") && history.contains("data-label=\"Register\">Licensees</td>"));
}

#[tokio::test]
async fn no_provider_sees_an_import_of_the_office_and_the_office_none_of_a_provider() {
    let world = World::new().await;
    let offices = world.register_done(Subject::Licensees, 5, &[]).await;
    let acmes = world.done("acme-ce", 6, Mode::Check, &[processed(2, "Ann", "Lee")]).await;
    for ending in ["", "/counts", "/workbook"] {
        assert_eq!(world.get(&format!("/import/{}{ending}", offices.id), Who::Acme).await.status, 404, "{ending}");
        assert_eq!(world.get(&format!("/import/{}{ending}", acmes.id), Who::Office).await.status, 404, "{ending}");
    }
    assert_eq!(world.post(&format!("/import/{}/import", acmes.id), Who::Office, "").await.status, 404);
    assert!(!world.get("/import", Who::Acme).await.text().contains("June.xlsx"));
    assert!(!world.get("/office/registers/courses/import", Who::Office).await.text().contains("May roster"));
}
