//! CREATE_KEY: makes a key inside the device.

use super::Handle;
use crate::algorithm::KeyKind;
use crate::context::Context;
use crate::fault::Outcome;
use crate::material::Material;
use bancada_wire::op::CreateKey;
use bancada_wire::status::Status;

impl Handle for CreateKey {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<()> {
        let approve = |cx: &Context<'_, '_>| {
            let kind = KeyKind::approved(self.algorithm, cx.mode())?;
            kind.is_made().then_some(kind).ok_or(Status::ERR_NOT_IMPLEMENTED.into())
        };
        let (place, kind) = cx.place(&self.name, self.attributes, approve)?;
        let material = match cx.draft.take() {
            Some(material) => material,
            None => Material::generate(kind, self.attributes, &mut |bytes| cx.env.random.fill(bytes))?,
        };
        cx.create(place, self.algorithm, self.attributes, material)
    }
}
