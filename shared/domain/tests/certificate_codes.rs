//! Codes of certificates, as people read them aloud, type them and paste them.

use domain::{
    certificate::{grouped, read_code},
    id::CertificateCode,
};

fn check(typed: &str, reads: Option<&CertificateCode>) {
    assert_eq!(read_code(typed).as_ref(), reads, "{typed:?}");
}

#[test]
fn a_code_is_read_in_any_grouping_and_case() {
    let code = CertificateCode::parse("7k2m9qx4vb1nr8dz0hw3tj6pcs").unwrap();
    assert_eq!(grouped(&code), "7k2m9 qx4vb 1nr8d z0hw3 tj6pcs");
    for typed in [
        "7k2m9qx4vb1nr8dz0hw3tj6pcs",
        "7K2M9-QX4VB-1NR8D-Z0HW3-TJ6PC-S",
        " 7k2m9 qx4vb 1nr8d z0hw3 tj6pc s\n",
        "7K2M9\u{2013}QX4VB\u{2013}1NR8D\u{2013}Z0HW3\u{2013}TJ6PC\u{2013}S",
        "7 K 2 M 9 Q X 4 V B 1 N R 8 D Z 0 H W 3 T J 6 P C S",
    ] {
        check(typed, Some(&code));
    }
}

#[test]
fn letters_that_no_code_has_are_taken_for_the_figures_that_they_look_like() {
    let code = CertificateCode::parse("7k2m9qx4vb1nr8dz0hw3tj6pcs").unwrap();
    for typed in ["7K2M9QX4VBINR8DZOHW3TJ6PCS", "7k2m9qx4vblnr8dzohw3tj6pcs"] {
        check(typed, Some(&code));
    }
    // U looks like V and like nothing else, and is refused rather than guessed.
    check("7k2m9qx4ub1nr8dz0hw3tj6pcs", None);
}

#[test]
fn whatever_has_another_length_or_another_sign_is_none() {
    for typed in [
        "",
        "7k2m9qx4vb1nr8dz0hw3tj6pc",
        "7k2m9qx4vb1nr8dz0hw3tj6pcss",
        "7k2m9qx4vb1nr8dz0hw3tj6pc!",
        "7k2m9qx4vb1nr8dz0hw3tj6pcſ",
        "٧k2m9qx4vb1nr8dz0hw3tj6pcs",
        "../../etc/passwd",
    ] {
        check(typed, None);
    }
    check(&"7k2m9qx4vb1nr8dz0hw3tj6pcs ".repeat(1_000), None);
    check(&format!("{}7k2m9qx4vb1nr8dz0hw3tj6pcs", " ".repeat(200)), None);
}

proptest::proptest! {
    #[test]
    fn every_code_comes_back_from_the_way_it_prints(bits: u128) {
        let code = CertificateCode::from_bits(bits);
        proptest::prop_assert_eq!(read_code(&grouped(&code)), Some(code));
    }
}
