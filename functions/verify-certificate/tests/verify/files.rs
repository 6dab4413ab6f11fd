//! A file that somebody was given, compared with what was issued.

use crate::world::World;
use domain::{certificate::Validity, id::CertificateCode};

const SAME: &str = "This file is exactly the one that was issued";
const DIFFERS: &str = "This file is not the one that was issued: its content differs";

#[tokio::test]
async fn both_sheets_are_known_by_the_code_and_by_themselves() {
    let world = World::new().await;
    let issued = world.issue(1, Validity::Valid).await;
    let page = format!("/verify/{}", issued.record.data.code);
    for (file, paper) in [(&issued.letter, "US Letter paper"), (&issued.a4, "A4 paper")] {
        for path in [page.as_str(), "/verify"] {
            let answer = world.send(path, file).await;
            let shown = answer.shown();
            assert_eq!(answer.status, 200, "{path}");
            let told = shown.split(SAME).nth(1).unwrap_or_else(|| panic!("{path}: {shown}"));
            assert!(told.split("</div>").next().unwrap().contains(paper), "{path}");
            assert!(!shown.contains(DIFFERS) && shown.contains("Mary Sue Hamish Watson"));
        }
    }
    assert!(!world.get(&page).await.shown().contains(SAME), "without a file nothing is said of one");
}

#[tokio::test]
async fn any_changed_byte_is_told() {
    let world = World::new().await;
    let issued = world.issue(1, Validity::Valid).await;
    let page = format!("/verify/{}", issued.record.data.code);
    let places = (0..issued.letter.len()).step_by(issued.letter.len() / 40).chain([issued.letter.len() - 1]);
    for place in places {
        let mut changed = issued.letter.clone();
        changed[place] ^= 1;
        let shown = world.send(&page, &changed).await.shown();
        assert!(shown.contains(DIFFERS) && !shown.contains(SAME), "byte {place}");
    }
    let longer = [issued.letter.as_slice(), b"\n"].concat();
    assert!(world.send(&page, &longer).await.shown().contains(DIFFERS));
    // By itself it is still found, and told.
    let shown = world.send("/verify", &longer).await.shown();
    assert!(shown.contains(DIFFERS) && shown.contains("Mary Sue Hamish Watson"));
}

#[tokio::test]
async fn the_file_of_another_certificate_differs() {
    let world = World::new().await;
    let (one, other) = (world.issue(1, Validity::Valid).await, world.issue(2, Validity::Valid).await);
    let shown = world.send(&format!("/verify/{}", one.record.data.code), &other.letter).await.shown();
    assert!(shown.contains(DIFFERS) && shown.contains("of another certificate"));
}

#[tokio::test]
async fn the_right_file_of_a_certificate_that_counts_no_more_says_both() {
    let world = World::new().await;
    let by = CertificateCode::from_bits(9);
    let issued = world.issue(1, Validity::Superseded { at: 1_783_000_000, by }).await;
    let shown = world.send("/verify", &issued.a4).await.shown();
    assert!(shown.contains(SAME) && shown.contains("</svg> Superseded</h1>"));
    assert!(shown.contains("count any more, as it says above"));
}

#[tokio::test]
async fn a_file_whose_record_was_never_issued_is_nobodys() {
    let world = World::new().await;
    let elsewhere = World::new().await.issue(3, Validity::Valid).await;
    let answer = world.send("/verify", &elsewhere.letter).await;
    assert_eq!(answer.status, 404);
    let unknown = world.get(&format!("/verify/{}", CertificateCode::from_bits(4))).await;
    assert_eq!(answer.body, unknown.body);
}

#[tokio::test]
async fn a_file_that_is_of_no_use_is_refused_in_words() {
    let world = World::new().await;
    let code = world.issue(1, Validity::Valid).await.record.data.code;
    let page = format!("/verify/{code}");
    let large = [b"%PDF-1.7\n".as_slice(), &vec![b'a'; 4 * 1024 * 1024]].concat();
    let larger = vec![b'a'; 6 * 1024 * 1024];
    for (path, file, words) in [
        (page.as_str(), b"".as_slice(), "Choose the certificate's PDF file first."),
        ("/verify", b"", "Choose the certificate's PDF file first."),
        (&page, &large, "larger than 4 MB"),
        ("/verify", &large, "larger than 4 MB"),
        (&page, &larger, "larger than 4 MB"),
        ("/verify", b"GIF89a", "This file isn't a PDF"),
        ("/verify", b"%PDF-1.7\n%%EOF\n", "carries no signed record of ours"),
    ] {
        let answer = world.send(path, file).await;
        assert_eq!(answer.status, 422, "{path}: {words}");
        let shown = answer.shown().replace("&#39;", "'");
        assert!(shown.contains(words) && shown.contains("aria-invalid=\"true\""), "{path}: {words}");
    }
    // What isn't a PDF can still be compared with one: it differs.
    assert!(world.send(&page, b"GIF89a").await.shown().contains(DIFFERS));
}

#[tokio::test]
async fn the_browser_is_given_what_it_needs_to_compare_by_itself() {
    let world = World::new().await;
    let issued = world.issue(1, Validity::Valid).await;
    let page = world.get(&format!("/verify/{}", issued.record.data.code)).await;
    for file in &issued.record.files {
        let template = format!("<template data-sha256=\"{}\">", file.sha256);
        let told = page.text().split(template.as_str()).nth(1).unwrap();
        let told = told.split("</template>").next().unwrap();
        assert!(told.contains(SAME) && told.contains(file.paper.words()), "{:?}", file.paper);
    }
    assert!(page.text().contains(&format!("src=\"{}\" defer", pages::assets::VERIFY.path)));
    assert!(page.text().contains("<template data-differs>"));
}
