//! A payload made from documented fields alone, from which the code's types are then filled field by field.

use bancada_wire::codec::{self, Decode};

use super::file::{Field, FieldType};
use super::frame::fixed_width;

/// Bytes in a field that runs to the end, where nothing says how many.
const REST_LEN: usize = 29;
/// Items in a field that repeats.
const REPEATS: usize = 3;

/// Documented fields, each with bytes of its own that no other field has.
pub(super) struct Probe<'a> {
    fields: Vec<(&'a Field, Vec<u8>, bool)>,
}

impl<'a> Probe<'a> {
    /// Fills every field; `rest` is the length of one that runs to the end, `optional` whether those that may
    /// be left out stand there.
    pub(super) fn new(fields: &'a [Field], rest: Option<usize>, optional: bool) -> Result<Self, String> {
        let fill = |(row, field): (usize, &'a Field)| {
            let length = match field.kind {
                _ if field.optional && !optional => 0,
                FieldType::Rest => rest.unwrap_or(REST_LEN),
                FieldType::Repeat => {
                    REPEATS * field.width.ok_or_else(|| format!("{} repeats without a width", field.name))?
                }
                _ => fixed_width(field).ok_or_else(|| format!("{} has no width", field.name))?,
            };
            let fixed = field.value.or_else(|| field.values.as_ref()?.first().copied());
            let bytes = match fixed {
                Some(value) => {
                    value.to_le_bytes().into_iter().chain(std::iter::repeat(0)).take(length).collect()
                }
                None => (0..length).map(|at| content(row, at)).collect(),
            };
            Ok((field, bytes, false))
        };
        Ok(Self { fields: fields.iter().enumerate().map(fill).collect::<Result<_, String>>()? })
    }

    /// The payload.
    pub(super) fn bytes(&self) -> Vec<u8> {
        self.fields.iter().flat_map(|(_, bytes, _)| bytes.iter().copied()).collect()
    }

    /// The value of one documented field, as the code's type for it reads its bytes.
    pub(super) fn take<T: Decode<()>>(&mut self, name: &str) -> Result<T, String> {
        let (_, bytes, taken) = self
            .fields
            .iter_mut()
            .find(|(field, _, taken)| field.name == name && !taken)
            .ok_or_else(|| format!("has a field {name}, which is not documented"))?;
        *taken = true;
        codec::decode(bytes)
            .map_err(|error| format!("reads {} documented bytes of {name} otherwise: {error}", bytes.len()))
    }

    /// Documented fields nobody took.
    pub(super) fn left(&self) -> Vec<&'a str> {
        self.fields.iter().filter(|(_, _, taken)| !taken).map(|(field, _, _)| field.name.as_str()).collect()
    }
}

/// A byte that tells its field and its place in it, and is never zero.
fn content(row: usize, at: usize) -> u8 {
    ((row * 61 + at * 7) % 251 + 1) as u8
}
