#include <string.h>
#include "dns.h"
/* The first half is a query, the second the answer to it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct dns_query q;
    struct dns_answer a;
    unsigned char out[1024];
    size_t half = size / 2;
    int r = dns_parse_query(data, half, &q);
    if (r == DNS_NOERROR) {
        (void)dns_build_query(&q, 1, out, sizeof out);
        (void)dns_build_reply(&q, DNS_NXDOMAIN, out, sizeof out);
        uint16_t id = size - half >= 2 ? (uint16_t)(data[half] << 8 | data[half + 1]) : 0;
        (void)dns_parse_response(data + half, size - half, &q, id, &a);
    } else if (r > 0) {
        (void)dns_build_error(data, half, (enum dns_rcode)r, out);
    }
    return 0;
}
