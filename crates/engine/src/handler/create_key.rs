//! CREATE_KEY: makes a key inside the device.

use super::Handle;
use crate::algorithm::KeyKind;
use crate::context::Context;
use crate::fault::Outcome;
use crate::material::Material;
use bancada_wire::op::CreateKey;

impl Handle for CreateKey {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<()> {
        let approve = |cx: &Context<'_, '_>| Ok(KeyKind::approved(self.algorithm, cx.mode())?);
        let (place, kind) = cx.place(&self.name, self.attributes, approve)?;
        let material = Material::generate(kind, self.attributes, &mut |bytes| cx.env.random.fill(bytes))?;
        cx.create(place, self.algorithm, self.attributes, material)
    }
}
