/* SPDX-License-Identifier: BSD-3-Clause */
/* The modules of this nginx. Of filters the last one in the list is the first to see a reply. */
#include <ngx_config.h>

#include <ngx_core.h>

extern ngx_module_t ngx_core_module;
extern ngx_module_t ngx_errlog_module;
extern ngx_module_t ngx_conf_module;
extern ngx_module_t ngx_events_module;
extern ngx_module_t ngx_event_core_module;
extern ngx_module_t ngx_epoll_module;
extern ngx_module_t ngx_http_module;
extern ngx_module_t ngx_http_core_module;
extern ngx_module_t ngx_http_log_module;
extern ngx_module_t ngx_http_upstream_module;
extern ngx_module_t ngx_http_static_module;
extern ngx_module_t ngx_http_autoindex_module;
extern ngx_module_t ngx_http_index_module;
extern ngx_module_t ngx_http_try_files_module;
extern ngx_module_t ngx_http_auth_basic_module;
extern ngx_module_t ngx_http_access_module;
extern ngx_module_t ngx_http_limit_conn_module;
extern ngx_module_t ngx_http_limit_req_module;
extern ngx_module_t ngx_http_map_module;
extern ngx_module_t ngx_http_proxy_module;
extern ngx_module_t ngx_http_upstream_hash_module;
extern ngx_module_t ngx_http_upstream_ip_hash_module;
extern ngx_module_t ngx_http_upstream_least_conn_module;
extern ngx_module_t ngx_http_upstream_random_module;
extern ngx_module_t ngx_http_upstream_keepalive_module;
extern ngx_module_t ngx_http_upstream_zone_module;
extern ngx_module_t ngx_http_write_filter_module;
extern ngx_module_t ngx_http_header_filter_module;
extern ngx_module_t ngx_http_chunked_filter_module;
extern ngx_module_t ngx_http_range_header_filter_module;
extern ngx_module_t ngx_http_postpone_filter_module;
extern ngx_module_t ngx_http_charset_filter_module;
extern ngx_module_t ngx_http_headers_filter_module;
extern ngx_module_t ngx_http_copy_filter_module;
extern ngx_module_t ngx_http_range_body_filter_module;
extern ngx_module_t ngx_http_not_modified_filter_module;

ngx_module_t *ngx_modules[] = {
	&ngx_core_module,
	&ngx_errlog_module,
	&ngx_conf_module,
	&ngx_events_module,
	&ngx_event_core_module,
	&ngx_epoll_module,
	&ngx_http_module,
	&ngx_http_core_module,
	&ngx_http_log_module,
	&ngx_http_upstream_module,
	&ngx_http_static_module,
	&ngx_http_autoindex_module,
	&ngx_http_index_module,
	&ngx_http_try_files_module,
	&ngx_http_auth_basic_module,
	&ngx_http_access_module,
	&ngx_http_limit_conn_module,
	&ngx_http_limit_req_module,
	&ngx_http_map_module,
	&ngx_http_proxy_module,
	&ngx_http_upstream_hash_module,
	&ngx_http_upstream_ip_hash_module,
	&ngx_http_upstream_least_conn_module,
	&ngx_http_upstream_random_module,
	&ngx_http_upstream_keepalive_module,
	&ngx_http_upstream_zone_module,
	&ngx_http_write_filter_module,
	&ngx_http_header_filter_module,
	&ngx_http_chunked_filter_module,
	&ngx_http_range_header_filter_module,
	&ngx_http_postpone_filter_module,
	&ngx_http_charset_filter_module,
	&ngx_http_headers_filter_module,
	&ngx_http_copy_filter_module,
	&ngx_http_range_body_filter_module,
	&ngx_http_not_modified_filter_module,
	NULL,
};

char *ngx_module_names[] = {
	"ngx_core_module",
	"ngx_errlog_module",
	"ngx_conf_module",
	"ngx_events_module",
	"ngx_event_core_module",
	"ngx_epoll_module",
	"ngx_http_module",
	"ngx_http_core_module",
	"ngx_http_log_module",
	"ngx_http_upstream_module",
	"ngx_http_static_module",
	"ngx_http_autoindex_module",
	"ngx_http_index_module",
	"ngx_http_try_files_module",
	"ngx_http_auth_basic_module",
	"ngx_http_access_module",
	"ngx_http_limit_conn_module",
	"ngx_http_limit_req_module",
	"ngx_http_map_module",
	"ngx_http_proxy_module",
	"ngx_http_upstream_hash_module",
	"ngx_http_upstream_ip_hash_module",
	"ngx_http_upstream_least_conn_module",
	"ngx_http_upstream_random_module",
	"ngx_http_upstream_keepalive_module",
	"ngx_http_upstream_zone_module",
	"ngx_http_write_filter_module",
	"ngx_http_header_filter_module",
	"ngx_http_chunked_filter_module",
	"ngx_http_range_header_filter_module",
	"ngx_http_postpone_filter_module",
	"ngx_http_charset_filter_module",
	"ngx_http_headers_filter_module",
	"ngx_http_copy_filter_module",
	"ngx_http_range_body_filter_module",
	"ngx_http_not_modified_filter_module",
	NULL,
};
