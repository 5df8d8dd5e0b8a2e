//! Requests and what comes back.

use super::*;

#[test]
fn requests_are_signed_and_answered() {
    for protection in [Protection::Encrypted, Protection::Signed, Protection::None] {
        let mut licence = Licence::new(protection);
        let (mut phone, mut instance) = licence.activate(b"phone");
        let body = RequestBody { application: 2, text: b"Pay 12.50 to Alice?".to_vec() };
        let request = licence.request(&body);
        let header = Header::of_message(Some(request.as_bytes())).unwrap();
        assert_eq!((header.message_type, header.protection), (MessageType::REQUEST, protection));
        assert_eq!((header.time, header.version(), &header.serial), (Some(NOW as u32), 2, b"VDS0000001"));
        assert_eq!(request.contains(&encoding::to_hex(b"Alice")), protection != Protection::Encrypted);
        let opened = phone.open_request(&request).unwrap();
        assert_eq!((opened.application.as_deref(), opened.text), (Some("SIGN"), body.text.clone()));
        let prompt = Prompt { application: Some("SIGN"), now: NOW, score: 0 };
        let signature = phone.sign_message(&prompt, &request).unwrap().text;
        assert_eq!(licence.verify(&mut instance.blobs[1], &signature, &request, 30), 0);
        let other = licence.request(&RequestBody { text: b"Pay 12.50 to Malice".to_vec(), ..body });
        assert_eq!(licence.verify(&mut instance.blobs[1], &signature, &other, 30), 1);

        let (key, cx) = (&licence.payload_key, licence.cx());
        let process = |response: &str, request: &str| {
            proc_message_response(&cx, key, Some(response.as_bytes()), Some(request.as_bytes()))
        };
        let answer = phone.respond_to(&request, NOW, Ok(b"yes")).unwrap();
        assert_eq!(process(&answer, &request), Ok(encoding::to_hex(b"yes")));
        if protection != Protection::None {
            assert_eq!(process(&answer, &other), Err(ReturnCode::AUTHENTICATION_TAG));
            let mut damaged = answer.clone();
            damaged.replace_range(40..41, if &answer[40..41] == "0" { "1" } else { "0" });
            assert_eq!(process(&damaged, &request), Err(ReturnCode::AUTHENTICATION_TAG));
        }
        let unprotected =
            Header { protection: Protection::None, message_type: MessageType::RESPONSE, ..header };
        let forged = seal(&unprotected, &[], &[], b"yes").unwrap();
        let forged = process(&forged, &request);
        let protected = protection != Protection::None;
        assert_eq!(forged.err(), protected.then_some(ReturnCode::RESPONSE_PROTECTION));
        assert_eq!(process(&request, &request), Err(ReturnCode::RESPONSE_TYPE));
        assert_eq!(process(&answer, &answer), Err(ReturnCode::REQUEST_TYPE));
        let refusal = phone.respond_to(&request, NOW, Err(b"no")).unwrap();
        assert_eq!(process(&refusal, &request), Err(ReturnCode(5000 + i32::from(b'n'))));
        let information = phone.inform(NOW, b"battery low").unwrap();
        let told = proc_message_information(&cx, key, Some(information.as_bytes()));
        assert_eq!(told, Ok(encoding::to_hex(b"battery low")));
        let told = proc_message_information(&cx, key, Some(answer.as_bytes()));
        assert_eq!(told, Err(ReturnCode::RESPONSE_TYPE));
    }
}

/// Only what is protected needs a payload key.
#[test]
fn unprotected_messages_need_no_payload_key() {
    for protection in [Protection::Encrypted, Protection::Signed, Protection::None] {
        let mut licence = Licence::new(protection);
        let (phone, _) = licence.activate(b"phone");
        let (cx, vector) = (licence.cx(), Some(licence.message_vector.as_bytes()));
        let body = RequestBody { application: 0, text: b"Hello".to_vec() };
        let made = gen_message_request(&cx, None, vector, Some(body.to_hex().as_bytes()));
        let protected = protection != Protection::None;
        assert_eq!(made.as_ref().err(), protected.then_some(&ReturnCode::PAYLOAD_KEY_MANDATORY));
        let request = made.unwrap_or_else(|_| licence.request(&body));
        let answer = phone.respond_to(&request, NOW, Ok(b"Hi")).unwrap();
        let refusal = phone.respond_to(&request, NOW, Err(b"")).unwrap();
        let process = |answer: &str| {
            proc_message_response(&cx, None, Some(answer.as_bytes()), Some(request.as_bytes()))
        };
        let header = Header {
            message_type: MessageType::INFORMATION,
            protection,
            serial: *b"VDS0000001",
            time: Some(NOW as u32),
            instance: 1,
        };
        let information = seal(&header, &[1; 16], &[], b"told").unwrap();
        let told = proc_message_information(&cx, None, Some(information.as_bytes()));
        if protected {
            let missing = Err(ReturnCode::PAYLOAD_KEY_MANDATORY);
            assert_eq!(
                (process(&answer), process(&refusal), told),
                (missing.clone(), missing.clone(), missing)
            );
        } else {
            let refused = Err(ReturnCode::of_device_error(0));
            let expected = (Ok(encoding::to_hex(b"Hi")), refused, Ok(encoding::to_hex(b"told")));
            assert_eq!((process(&answer), process(&refusal), told), expected);
            let other = seal(&Header { serial: *b"VDS0000002", ..header }, &[], &[], b"").unwrap();
            let key = &licence.payload_key;
            let told = proc_message_information(&cx, key, Some(other.as_bytes()));
            assert_eq!(told, Err(ReturnCode::FOREIGN_VECTOR));
        }
        assert_eq!(proc_message_information(&cx, None, None), Err(ReturnCode::RESPONSE_MESSAGE_POINTER));
        assert_eq!(process(&request).err(), Some(ReturnCode::RESPONSE_TYPE));
    }
}

#[test]
fn an_instance_ends_by_its_own_deactivation_message() {
    let mut licence = Licence::new(Protection::Signed);
    let (mut phone, _) = licence.activate(b"phone");
    let (mut tablet, _) = licence.activate(b"tablet");
    let (cx, vector) = (licence.cx(), Some(licence.message_vector.as_bytes()));
    let make = |instance| gen_message_deactivation(&cx, &licence.payload_key, vector, instance);
    for instance in [0, 100, -1] {
        assert_eq!(make(instance), Err(ReturnCode::SEQUENCE_NUMBER));
    }
    let message = make(2).unwrap();
    assert_eq!(phone.deactivate(&message), Err(ReturnCode::MESSAGE_AUTHENTICITY));
    tablet.deactivate(&message).unwrap();
    assert!(tablet.applications().is_empty() && !phone.applications().is_empty());
    let prompt = Prompt { now: NOW, ..Prompt::default() };
    assert!(phone.password(&prompt, None).is_ok() && tablet.password(&prompt, None).is_err());
}

#[test]
fn messages_have_an_age() {
    let mut licence = Licence::new(Protection::Encrypted);
    let (mut phone, mut instance) = licence.activate(b"phone");
    licence.now += 10;
    let prompt = Prompt { application: Some("SIGN"), now: licence.now, score: 0 };
    let signature = phone.sign_message(&prompt, &instance.message).unwrap().text;
    let blob = &mut instance.blobs[1];
    for (expiration, code) in [(-1, 1363), (9, 1364), (10, 0), (0, 0)] {
        assert_eq!(licence.verify(blob, &signature, &instance.message, expiration), code, "{expiration}");
    }
    licence.now -= 70;
    assert_eq!(licence.verify(blob, &signature, &instance.message, 30), 0, "a minute ahead");
    licence.now -= 1;
    assert_eq!(licence.verify(blob, &signature, &instance.message, 30), 1364);
    licence.now += 71;
    let undated = Header {
        message_type: MessageType::REQUEST,
        protection: Protection::None,
        serial: *b"VDS0000001",
        time: None,
        instance: 0,
    };
    let message = seal(&undated, &[], &[], b"old").unwrap();
    let signature = phone.sign_message(&prompt, &message).unwrap().text;
    assert_eq!(licence.verify(blob, &signature, &message, 1_000_000), 1364);
    assert_eq!(licence.verify(blob, &signature, &message, 0), 0);
}
