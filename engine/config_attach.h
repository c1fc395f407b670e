#ifndef PTN_CONFIG_ATTACH_H
#define PTN_CONFIG_ATTACH_H

/* `attach:` of patron.yaml: databases that sources read. A dsn may hold ${NAME}, an environment variable; what that becomes is a
 * secret, and gets into no message. */

#include "config.h"
#include "settings.h"

patron_status ptn_config_read_attach(const ptn_setting *setting, void *target); /* target: a ptn_config */
void ptn_config_forget_dsn(ptn_attachment *attachment);

#endif
