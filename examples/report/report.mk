# make report             the report's page, from simulated data or REPORT_SCHEMA of PGDATABASE
.PHONY: report
ifdef REPORT_SCHEMA
report:
	examples/report/build build/report
else
report: private
	mkdir -p build/report
	scripts/as-tester $(CURDIR)/build scripts/with-server $(PRIVATE_BIN) build/report-server examples/report/build build/report
endif
