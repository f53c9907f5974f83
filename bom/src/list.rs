//! Lists that stand by the thousand in a document and mostly hold nothing, or one
//! thing: hashes, licences, links of a component.

/// A list of one pointer's size; with nothing in it nothing is allocated. Pushed to, an empty one makes room for four.
pub use thin_vec::ThinVec as List;
/// A list of mostly one thing, which lies in place; only with more is something allocated.
pub type Few<T> = smallvec::SmallVec<[T; 1]>;
