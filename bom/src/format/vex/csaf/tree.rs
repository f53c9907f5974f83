//! The product tree: what each product id stands for.

use super::raw::{BranchRaw, HelperRaw, ProductRaw, RelationshipRaw, TreeRaw};
use crate::format::draft::Draft;
use crate::format::parts;
use crate::format::place::Place;
use crate::vex::{Identity, Product};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// What the ids of a document stand for.
#[derive(Default)]
pub(super) struct Products<'d> {
    products: HashMap<Cow<'d, str>, Arc<Product>>,
    groups: HashMap<Cow<'d, str>, Vec<Cow<'d, str>>>,
}

impl<'d> Products<'d> {
    /// The product of this id.
    pub(super) fn get(&self, id: &str) -> Option<&Arc<Product>> {
        self.products.get(id)
    }

    /// The ids of a group's products.
    pub(super) fn group(&self, id: &str) -> &[Cow<'d, str>] {
        self.groups.get(id).map_or(&[], Vec::as_slice)
    }

    fn insert(&mut self, id: Option<Cow<'d, str>>, product: Product, draft: &mut Draft<'d>, place: &Place<'_>) {
        let Some(id) = id.filter(|id| !id.is_empty()) else {
            return draft.note(place, "this product has no `product_id`; it was left out");
        };
        draft.bound(&id, place);
        if self.products.contains_key(&id) {
            // Whichever counted, a statement could reach what it was not made of.
            draft.note(place, "another product has the same `product_id`; the first one counts");
            return;
        }
        self.products.insert(id, Arc::new(product));
    }
}

/// Reads the tree, which stands at `place`.
pub(super) fn products<'d>(raw: TreeRaw<'d>, draft: &mut Draft<'d>, place: &Place<'_>) -> Products<'d> {
    let mut found = Products::default();
    let list = place.key("full_product_names");
    for (index, raw) in raw.names.into_iter().enumerate() {
        add(raw, None, &mut found, draft, &list.index(index));
    }
    let list = place.key("branches");
    for (index, branch) in raw.branches.into_iter().enumerate() {
        walk(branch, None, &mut found, draft, &list.index(index));
    }
    relate(raw.relationships, &mut found, draft, &place.key("relationships"));
    for group in raw.groups {
        if let Some(id) = group.id {
            found.groups.insert(id, group.products);
        }
    }
    found
}

/// A branch and those below it; `version` is the nearest one that a branch names. It is no deeper than a document may nest.
fn walk<'d>(raw: BranchRaw<'d>, version: Option<&str>, found: &mut Products<'d>, draft: &mut Draft<'d>, place: &Place<'_>) {
    let own = match raw.category.as_deref() {
        Some("product_version" | "product_version_range") => raw.name.as_deref().filter(|name| !name.is_empty()),
        _ => None,
    };
    let version = own.or(version);
    if let Some(product) = raw.product {
        add(product, version, found, draft, &place.key("product"));
    }
    let list = place.key("branches");
    for (index, branch) in raw.branches.into_iter().enumerate() {
        walk(branch, version, found, draft, &list.index(index));
    }
}

fn add<'d>(raw: ProductRaw<'d>, version: Option<&str>, found: &mut Products<'d>, draft: &mut Draft<'d>, place: &Place<'_>) {
    let id = raw.id.clone();
    let whole = identity(raw, version, draft, place);
    found.insert(id, Product { whole, parts: Vec::new() }, draft, place);
}

fn identity<'d>(raw: ProductRaw<'d>, version: Option<&str>, draft: &mut Draft<'d>, place: &Place<'_>) -> Identity {
    let HelperRaw { cpe, purl, purls } = raw.helper.unwrap_or_default();
    let at = place.key("product_identification_helper");
    let mut identity = Identity {
        name: raw.name.filter(|name| !name.is_empty()).map(|name| draft.word(&name, &place.key("name"))),
        reference: raw.id.filter(|id| !id.is_empty()).map(|id| draft.word(&id, &place.key("product_id"))),
        ..Identity::default()
    };
    identity.purls.extend(parts::purl_at(purl, "purl", draft, &at));
    let list = at.key("purls");
    for (index, purl) in purls.into_iter().enumerate() {
        identity.purls.extend(parts::purl(&purl, draft, &list.index(index)).filter(|purl| !identity.purls.contains(purl)));
    }
    identity.cpes.extend(cpe.filter(|cpe| !cpe.is_empty()).map(|cpe| draft.word::<String>(&cpe, &at.key("cpe"))));
    // A purl without a version would mean every one, and the branch says which.
    if identity.purls.iter().all(|purl| purl.version.is_none()) {
        identity.versions.extend(version.map(|version| draft.word::<String>(version, place)));
    }
    identity
}

/// Products that are others inside, or upon, a product: the ends come first, in whatever order they are listed.
fn relate<'d>(raw: Vec<RelationshipRaw<'d>>, found: &mut Products<'d>, draft: &mut Draft<'d>, list: &Place<'_>) {
    let mut waiting: Vec<(usize, RelationshipRaw<'d>)> = raw.into_iter().enumerate().collect();
    // Each round knows the ends of the one before; documents need one or two.
    for _ in 0..8 {
        let before = waiting.len();
        let mut next = Vec::new();
        for (index, raw) in waiting {
            match joined(&raw, found) {
                Some(product) => {
                    let id = raw.name.and_then(|name| name.id);
                    found.insert(id, product, draft, &list.index(index));
                }
                None => next.push((index, raw)),
            }
        }
        waiting = next;
        if waiting.is_empty() || waiting.len() == before {
            break;
        }
    }
    for (index, _) in waiting {
        draft.note(&list.index(index), "this relationship names a product that is not in the tree; it was left out");
    }
}

/// What a relationship stands for: a component in a product, or a product where it is installed.
fn joined(raw: &RelationshipRaw<'_>, found: &Products<'_>) -> Option<Product> {
    let product = found.get(raw.product.as_deref()?)?;
    let other = found.get(raw.relates_to.as_deref()?)?;
    let inner = |product: &Product| match product.parts.as_slice() {
        [] => vec![product.whole.clone()],
        parts => parts.to_vec(),
    };
    match raw.category.as_deref() {
        Some("installed_on" | "installed_with") => Some((**product).clone()),
        _ => Some(Product { whole: other.whole.clone(), parts: inner(product) }),
    }
}
