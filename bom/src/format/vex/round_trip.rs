//! What is written is read again, as it was or with the loss told.

use super::{FORMATS, read, sample, write};
use crate::document::Status;
use crate::reading::Limits;
use crate::vex::{Justification, Product, Vex};
use std::collections::BTreeSet;

/// Each claim of a document: vulnerability, product, status, reason, in one line.
pub(super) fn claims(vex: &Vex) -> BTreeSet<String> {
    let shown = |product: &Product| {
        let parts: Vec<String> = product.parts.iter().map(crate::vex::Identity::shown).collect();
        format!("{} {parts:?}", product.whole.shown())
    };
    let lines = vex.statements.iter().flat_map(|s| {
        s.products
            .iter()
            .map(move |product| format!("{} {} {:?} {:?}", s.names.join("+"), shown(product), s.status, s.justification))
    });
    lines.collect()
}

#[test]
fn every_format_says_the_same() {
    for format in FORMATS {
        let before = sample::vex();
        let written = format.write(&before).expect("a format that writes");
        let text = String::from_utf8(written.bytes.clone()).expect("text");
        assert!(format.claims(&text), "{text}");
        let after = read(&written.bytes, &Limits::default()).expect("a format that writes");
        assert_eq!(after.warnings, [], "{text}");
        let after = after.value;
        assert_eq!(claims(&after), claims(&before), "{text}");
        assert_eq!((&after.id, &after.author), (&before.id, &before.author), "{text}");
        let reasoned = after.statements.iter().find(|s| s.status == Status::NotAffected).expect(&text);
        assert_eq!((&reasoned.detail, reasoned.at), (&before.statements[0].detail, before.statements[0].at), "{text}");
        let again = format.write(&Vex { title: before.title.clone(), ..after }).expect("again");
        assert_eq!(read(&again.bytes, &Limits::default()).map(|r| claims(&r.value)), Ok(claims(&before)));
    }
}

#[test]
fn a_part_of_a_product_stays_one() {
    let mut vex = sample::vex();
    vex.statements.truncate(1);
    for product in &mut vex.statements[0].products {
        let part = product.whole.clone();
        *product = Product { whole: crate::vex::Identity::of_text("pkg:oci/shop@1"), parts: vec![part] }.into();
    }
    for format in FORMATS {
        let written = format.write(&vex).expect("a format that writes");
        let after = read(&written.bytes, &Limits::default()).expect("a format that writes").value;
        assert_eq!(claims(&after), claims(&vex), "{}", String::from_utf8_lossy(&written.bytes));
    }
}

#[test]
fn what_a_format_has_no_word_for_is_told() {
    let mut vex = sample::vex();
    vex.statements.truncate(1);
    vex.statements[0].justification = Some(Justification::ProtectedAtPerimeter);
    let lost = |vex: &Vex, name: &str| write(vex, name).expect(name).lost.join("; ");
    assert!(lost(&vex, "openvex").contains("near word") && lost(&vex, "csaf").contains("near word"));
    assert_eq!(lost(&vex, "cyclonedx"), "");
    vex.statements[0].justification = Some(Justification::ComponentNotPresent);
    assert!(lost(&vex, "cyclonedx").contains("near word"));
    assert_eq!(lost(&vex, "csaf"), "");
    vex.statements[0].status = Status::FalsePositive;
    assert!(lost(&vex, "openvex").contains("false positives"));
    assert!(write(&vex, "pdf").is_err_and(|error| error.0.contains("openvex, csaf, cyclonedx")));
    let nothing = Vex { statements: Vec::new(), ..vex.clone() };
    assert!(write(&nothing, "openvex").is_err() && write(&nothing, "csaf").is_err());
    assert!(write(&Vex { id: None, ..vex }, "csaf").is_err_and(|error| error.0.contains("has no id")));
}
