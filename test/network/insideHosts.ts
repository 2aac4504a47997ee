/** Every way to write an address of this machine, or of one of its networks, into a URL. */
export const hosts = [
  '127.0.0.1', '127.1', '127.0.1', '2130706433', '0x7f000001', '0x7F.0.0.1', '017700000001', '0177.0.0.1', '0177.0x0.1', '127.0.0.1.', '127.255.255.254', '0', '0.0.0.0', '00000000000000000000177.0.0.1', '127.000.000.001',
  '１２７.０.０.１', '①②⑦.⓪.⓪.①', '127。0。0。1', '127．0．0．1', '%31%32%37.0.0.1', '𝟏𝟐𝟕.𝟎.𝟎.𝟏', 'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ', 'LocalHost', 'localhost.', 'a.localhost', 'localhost.localdomain', 'ip6-localhost',
  '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.0.1', '100.64.0.1', '100.127.255.254', '169.254.169.254', '169.254.170.2', '100.100.100.200', '168.63.129.16', '192.0.0.192', '0xa9fea9fe', '2852039166', '198.18.0.1', '198.51.100.1', '203.0.113.1', '192.0.2.1', '224.0.0.251', '239.255.255.255', '240.0.0.1', '255.255.255.255', '0.1.2.3',
  '[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[::127.0.0.1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:ffff:127.0.0.1]', '[::ffff:0:127.0.0.1]', '[::ffff:10.0.0.1]', '[::ffff:a9fe:a9fe]', '[64:ff9b::7f00:1]', '[64:ff9b::10.0.0.1]', '[64:ff9b:1::7f00:1]', '[2002:7f00:1::]', '[2002:a00:1::]', '[2001:0:7f00:1::]', '[2001:0:53aa:64c::80ff:fffe]', '[fe80::1]', '[febf::1]', '[fc00::1]', '[fd12:3456::1]', '[fd00:ec2::254]', '[fec0::1]', '[ff02::1]', '[ff0e::1]', '[2001:db8::1]', '[3fff::1]', '[100::1]', '[5f00::1]',
  'metadata.google.internal', 'metadata', 'metadata.google.internal.', 'instance-data.ec2.internal', 'kubernetes.default.svc.cluster.local', 'host.docker.internal', 'gateway.docker.internal', 'router.lan', 'nas.home.arpa', 'intranet',
];

/** Not of a host, but of the text around it. */
export const tricks = ['http://user@127.0.0.1:PORT/', 'http://user:word@example.org:PORT/', 'http://example.org@127.0.0.1:PORT/', 'http://127.0.0.1:PORT@example.org/', 'http://127.0.0.1:PORT#@example.org/', 'http://127.0.0.1:PORT\\@example.org/', 'http:127.0.0.1:PORT', 'http:\\\\127.0.0.1:PORT', 'ht\ntp://127.0.0.1:PORT/', ' http://127.0.0.1:PORT/', 'file://127.0.0.1/etc/passwd', 'gopher://127.0.0.1:PORT/_x', 'ftp://127.0.0.1:PORT/', 'https://127.0.0.1:PORT/'];
