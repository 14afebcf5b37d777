// An SMSC on npm's smpp. Prints its port; takes any bind; answers a submit_sm with an id in hexadecimal and sends its
// receipt in decimal, in a form that the text chooses; and answers "long" with a long text in two parts.
const smpp = require('smpp');

let ids = 0xabc0;

const server = smpp.createServer({}, (session) => {
    const ok = (pdu, more) => session.send(pdu.response(more));
    session.on('error', () => {});
    session.on('bind_transceiver', (pdu) => ok(pdu, {system_id: 'node'}));
    session.on('enquire_link', (pdu) => ok(pdu));
    session.on('unbind', (pdu) => {
        console.log('unbound');
        ok(pdu);
        session.close();
    });
    session.on('submit_sm', (pdu) => {
        const id = ++ids;
        const text = pdu.short_message.message;
        ok(pdu, {message_id: id.toString(16)});
        const receipt = {
            source_addr_ton: 1, source_addr_npi: 1, source_addr: pdu.destination_addr,
            dest_addr_ton: 1, dest_addr_npi: 1, destination_addr: pdu.source_addr, esm_class: 4,
        };
        const words = 'id:' + String(id).padStart(10, '0') + ' sub:001 dlvrd:001 submit date:2611240905'
            + ' done date:2611240906 stat:DELIVRD err:000 text:' + text;
        if (text.startsWith('long')) {
            ['Hello ', 'World'].forEach((part, i) => session.deliver_sm({
                ...receipt, esm_class: 0x40, source_addr: '12025550111',
                short_message: {udh: Buffer.from([5, 0, 3, 7, 2, i + 1]), message: part},
            }));
        } else if (text.startsWith('tlv')) {
            session.deliver_sm({...receipt, short_message: '', receipted_message_id: String(id), message_state: 2});
        } else if (text.startsWith('data')) {
            session.data_sm({...receipt, receipted_message_id: String(id), message_state: 2});
        } else {
            session.deliver_sm({...receipt, short_message: words});
        }
        if (text.startsWith('bye')) {
            setTimeout(() => session.destroy(), 200);
        }
    });
});

server.listen(0, '127.0.0.1', () => console.log('port ' + server.address().port));
